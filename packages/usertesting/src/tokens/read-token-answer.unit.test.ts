import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTokenAnswer } from './read-token-answer.ts';

describe('what the token endpoint gives', () => {
  it.each<[string, unknown, number]>([
    ['a number of seconds', 3600, 3_600_000],
    ['a number written as text', '86400', 86_400_000],
    ['nothing, which means an hour', undefined, 3_600_000],
    ['null, which means an hour', null, 3_600_000],
    ['a fraction', 0.5, 500],
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
    { access_token: 'a', expires_in: 0 },
    { access_token: 'a', expires_in: -1 },
    { access_token: 'a', expires_in: 'soon' },
    { access_token: 'a', expires_in: 1e300 },
  ])('%j is no token', (json) => {
    expect(readTokenAnswer(json)).toHaveProperty('problem');
  });

  it('JSON of any shape gives a token fit for a header or a problem, never an exception', () => {
    const answers = fc.record({ access_token: fc.jsonValue(), expires_in: fc.jsonValue() });
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), answers), (json) => {
        const result = readTokenAnswer(json);
        if ('problem' in result) return;
        expect(result.accessToken).toMatch(/^[!-~]+$/);
        expect(Number.isInteger(result.lifetimeMs) && result.lifetimeMs > 0).toBe(true);
      }),
    );
  });
});
