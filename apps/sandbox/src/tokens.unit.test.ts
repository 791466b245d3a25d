import { expect, it } from 'vitest';
import { refuseTokenRequest, tokenDesk } from './tokens.ts';

const client = { clientId: 'me', clientSecret: 's:e' };
const FORM = 'application/x-www-form-urlencoded';
const GOOD = 'grant_type=client_credentials&scope=studies%3Aread';

function deskAt() {
  let now = 0;
  const at = (ms: number) => {
    now = ms;
  };
  return { desk: tokenDesk(100, () => now), at };
}

it('takes a token until the moment it expires', () => {
  const { desk, at } = deskAt();
  const { token } = desk.issue();
  at(99_999);
  expect(desk.check(`Bearer ${token}`)).toEqual({ valid: true, generation: 1 });
  at(100_000);
  expect(desk.check(`Bearer ${token}`)).toEqual({ valid: false, generation: 1 });
});

it('leaves earlier tokens good when a new one is handed out', () => {
  const { desk } = deskAt();
  const first = desk.issue();
  desk.issue();
  expect(desk.check(`Bearer ${first.token}`).valid).toBe(true);
});

it('refuses after a revocation all tokens from before it and none from after it', () => {
  const { desk } = deskAt();
  const before = desk.issue();
  desk.revokeAll();
  const after = desk.issue();
  expect(desk.check(`Bearer ${before.token}`)).toEqual({ valid: false, generation: 1 });
  expect(desk.check(`Bearer ${after.token}`)).toEqual({ valid: true, generation: 2 });
});

it('refuses no token, an unknown one and another scheme', () => {
  const { desk } = deskAt();
  const { token } = desk.issue();
  for (const text of [undefined, '', 'Bearer', 'Bearer sandbox-token-1-x', `Basic ${token}`, token]) {
    expect(desk.check(text)).toEqual({ valid: false, generation: 0 });
  }
});

function refusal(body: string, contentType = FORM) {
  return refuseTokenRequest({ body, contentType }, client)?.error;
}

it('grants a token to the right client', () => {
  expect(refusal(`${GOOD}&client_id=me&client_secret=s%3Ae`)).toBeUndefined();
  expect(refusal(`${GOOD}&client_id=me&client_secret=s%3Ae`, `${FORM}; charset=utf-8`)).toBeUndefined();
});

it('refuses everything else with the error of OAuth that fits', () => {
  expect(refusal('{}', 'application/json')).toBe('invalid_request');
  expect(refusal(`${GOOD}&client_id=you&client_secret=s%3Ae`)).toBe('invalid_client');
  expect(refusal(`${GOOD}&client_id=me&client_secret=no`)).toBe('invalid_client');
  expect(refusal('grant_type=password&client_id=me&client_secret=s%3Ae')).toBe('unsupported_grant_type');
  expect(refusal('grant_type=client_credentials&client_id=me&client_secret=s%3Ae')).toBe('invalid_scope');
});
