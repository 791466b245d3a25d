import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTokenAnswer, refusalIn } from './token-endpoint.ts';

describe('what the token endpoint gives', () => {
  it.each<[string, unknown, number]>([
    ['a number of seconds', 3600, 3_600_000],
    ['a number written as text', '86400', 86_400_000],
    ['nothing, which means an hour', undefined, 3_600_000],
    ['null, which means an hour', null, 3_600_000],
    ['a fraction', 0.5, 500],
    ['0, which means an hour', 0, 3_600_000],
    ['0 as text, which means an hour', '0', 3_600_000],
    ['empty, which means an hour', '', 3_600_000],
    ['below 0, which means an hour', -1, 3_600_000],
    ['below 0 as text, which means an hour', '-1', 3_600_000],
    ['words, which mean an hour', 'soon', 3_600_000],
    ['no number at all, which means an hour', [{}], 3_600_000],
    ['a boolean, which means an hour', true, 3_600_000],
    ['a number with blanks', ' 60 ', 60_000],
    ['far too large, which means as long as can be', 1e300, 1e12],
  ])('the lifetime may be %s', (_what, expires_in, lifetimeMs) => {
    expect(readTokenAnswer({ access_token: 'abc', token_type: 'Bearer', expires_in })).toEqual({
      accessToken: 'abc',
      lifetimeMs,
    });
  });

  it.each([
    {},
    null,
    [],
    { access_token: '' },
    { access_token: 5 },
    { access_token: 'a\nb' },
    ...['$(id)', '`id`', 'a;b', 'a b', "a'b", 'a"b', 'a#b', 'a=b', '=', 'a\u00e9', 'a&b', 'a|b', 'a>b'].map(
      (access_token) => ({
        access_token,
      }),
    ),
  ])('%j is no token', (json) => {
    expect(readTokenAnswer(json)).toHaveProperty('problem');
  });

  it('JSON of any shape gives a token fit for a header or a problem, never an exception', () => {
    const answers = fc.record({ access_token: fc.jsonValue(), expires_in: fc.jsonValue() });
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), answers), (json) => {
        const result = readTokenAnswer(json);
        if ('problem' in result) return;
        expect(result.accessToken).toMatch(/^[A-Za-z0-9._~+/-]+=*$/);
        expect(Number.isInteger(result.lifetimeMs) && result.lifetimeMs > 0).toBe(true);
      }),
    );
  });
});

describe('whether the token endpoint refuses the credentials', () => {
  it.each([
    [401, '{"error":"invalid_client","error_description":"…"}', 'invalid_client'],
    [400, '{"error":"invalid_scope"}', 'invalid_scope'],
    [400, '{"error":"unsupported_grant_type"}', 'unsupported_grant_type'],
    [500, '{"error":"unauthorized_client"}', 'unauthorized_client'],
    [401, '{"errorCode":"invalid_client","errorSummary":"…"}', 'invalid_client'],
    [403, '{"errorCode":"E0000006"}', 'E0000006'],
  ])('%i with %s does, as %s', (status, text, refusal) => {
    expect(refusalIn(status, text)).toBe(refusal);
  });

  it.each([
    [500, '{"error":"server_error"}'],
    [400, '{"error":"temporarily_unavailable"}'],
    [429, '{"errorCode":"E0000047"}'],
    [429, '{"error":"invalid_request"}'],
    [425, '{"error":"invalid_client"}'],
    [503, ''],
    [404, '<html>'],
    [403, '<html><title>Request blocked</title></html>'],
    [401, ''],
    [400, 'not JSON'],
    [401, '{"error":{"a":1}}'],
    [403, '{"error":"Forbidden","status":403,"path":"/token"}'],
    [403, '{"message":"Forbidden"}'],
    [403, '{"errorCode":"a long sentence that may hold anything"}'],
    [403, '{"errorCode":"15","description":"blocked by the firewall"}'],
    [400, '{"errorCode":"BAD_REQUEST"}'],
    [403, 'null'],
  ])('%i with %s does not', (status, text) => {
    expect(refusalIn(status, text)).toBeNull();
  });
});
