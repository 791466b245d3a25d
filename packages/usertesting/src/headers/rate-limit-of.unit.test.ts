import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rateLimitOf } from './rate-limit-of.ts';

describe('the allowance that an answer tells of', () => {
  it('limit, remaining and reset are read as numbers', () => {
    const headers = { 'x-ratelimit-limit': '10', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '57' };
    expect(rateLimitOf(headers)).toEqual({ limit: 10, remaining: 0, resetSeconds: 57 });
  });

  it('a reset that is a moment becomes the seconds until then, from the answer on', () => {
    const date = 'Tue, 21 Jul 2026 12:00:00 GMT';
    const headers = { date, 'x-ratelimit-reset': `${Date.parse(date) / 1000 + 57}` };
    expect(rateLimitOf(headers)).toMatchObject({ resetSeconds: 57 });
  });

  it('a missing or unreadable one is null, the others stay', () => {
    const headers = { 'x-ratelimit-limit': 'ten', 'x-ratelimit-remaining': '3' };
    expect(rateLimitOf(headers)).toEqual({ limit: null, remaining: 3, resetSeconds: null });
  });

  it('without any of them there is nothing to tell', () => {
    expect(rateLimitOf({ 'x-ratelimit-reset': '-1' })).toBeNull();
  });

  it('numbers are finite and not negative, whatever came', () => {
    const value = fc.oneof(fc.string(), fc.double().map(String), fc.anything());
    fc.assert(
      fc.property(value, value, value, (limit, remaining, reset) => {
        const headers = { 'x-ratelimit-limit': limit, 'x-ratelimit-remaining': remaining, 'x-ratelimit-reset': reset };
        for (const number of Object.values(rateLimitOf(headers) ?? {})) {
          expect(number === null || (Number.isFinite(number) && number >= 0)).toBe(true);
        }
      }),
    );
  });
});
