import { expect, it } from 'vitest';
import { refuseTokenRequest } from './token-request.ts';

const client = { clientId: 'me', clientSecret: 's:e', scope: 'studies:read' };
const FORM = 'application/x-www-form-urlencoded';
const GOOD = 'grant_type=client_credentials&scope=studies%3Aread';

function refusal(body: string, contentType = FORM, authorization?: string) {
  return refuseTokenRequest({ body, contentType, authorization }, client)?.error;
}

it('grants the right client, in the form or in a Basic authorization', () => {
  expect(refusal(`${GOOD}&client_id=me&client_secret=s%3Ae`)).toBeUndefined();
  const basic = `Basic ${Buffer.from('me:s:e').toString('base64')}`;
  expect(refusal(GOOD, `${FORM}; charset=utf-8`, basic)).toBeUndefined();
});

it('refuses everything else with the error of OAuth that fits', () => {
  expect(refusal('{}', 'application/json')).toBe('invalid_request');
  expect(refusal(`${GOOD}&client_id=you&client_secret=s%3Ae`)).toBe('invalid_client');
  expect(refusal(`${GOOD}&client_id=me&client_secret=no`)).toBe('invalid_client');
  expect(refusal('grant_type=password&client_id=me&client_secret=s%3Ae')).toBe('unsupported_grant_type');
  expect(refusal('grant_type=client_credentials&client_id=me&client_secret=s%3Ae')).toBe('invalid_scope');
});
