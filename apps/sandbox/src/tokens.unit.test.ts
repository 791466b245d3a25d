import { expect, it } from 'vitest';
import { refuseTokenRequest, tokenIssuer } from './tokens.ts';

const client = { clientId: 'me', clientSecret: 's:e' };
const FORM = 'application/x-www-form-urlencoded';
const GOOD = 'grant_type=client_credentials&scope=studies%3Aread';

function issuerAt() {
  let now = 0;
  const at = (ms: number) => {
    now = ms;
  };
  return { issuer: tokenIssuer(100, () => now), at };
}

it('accepts a token until it expires', () => {
  const { issuer, at } = issuerAt();
  const token = issuer.issue();
  at(99_999);
  expect(issuer.check(`Bearer ${token}`)).toBe(true);
  at(100_000);
  expect(issuer.check(`Bearer ${token}`)).toBe(false);
});

it('keeps earlier tokens valid when a new one is issued', () => {
  const { issuer } = issuerAt();
  const first = issuer.issue();
  issuer.issue();
  expect(issuer.check(`Bearer ${first}`)).toBe(true);
});

it('refuses tokens issued before a revocation and accepts those issued after it', () => {
  const { issuer } = issuerAt();
  const before = issuer.issue();
  issuer.revokeAll();
  const after = issuer.issue();
  expect(issuer.check(`Bearer ${before}`)).toBe(false);
  expect(issuer.check(`Bearer ${after}`)).toBe(true);
});

it('refuses a missing or unknown token and another scheme', () => {
  const { issuer } = issuerAt();
  const token = issuer.issue();
  for (const text of [undefined, '', 'Bearer', 'Bearer sandbox-token-1-x', `Basic ${token}`, token]) {
    expect(issuer.check(text)).toBe(false);
  }
});

function refusal(body: string, contentType = FORM) {
  return refuseTokenRequest({ body, contentType }, client)?.error;
}

it('grants a token to the right client', () => {
  expect(refusal(`${GOOD}&client_id=me&client_secret=s%3Ae`)).toBeUndefined();
  expect(refusal(`${GOOD}&client_id=me&client_secret=s%3Ae`, `${FORM}; charset=utf-8`)).toBeUndefined();
});

it('refuses everything else with the matching OAuth error', () => {
  expect(refusal('{}', 'application/json')).toBe('invalid_request');
  expect(refusal(`${GOOD}&client_id=you&client_secret=s%3Ae`)).toBe('invalid_client');
  expect(refusal(`${GOOD}&client_id=me&client_secret=no`)).toBe('invalid_client');
  expect(refusal('grant_type=password&client_id=me&client_secret=s%3Ae')).toBe('unsupported_grant_type');
  expect(refusal('grant_type=client_credentials&client_id=me&client_secret=s%3Ae')).toBe('invalid_scope');
});
