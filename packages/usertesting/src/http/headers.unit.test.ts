import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pauseFrom, rateLimitOf, retryAfterMs } from './headers.ts';

/** Far from this machine's clock, which must not matter. */
const date = 'Tue, 21 Jul 2026 12:00:00 GMT';
const moment = Date.parse(date) / 1000;

describe('the pause that a 429 asks for', () => {
  it.each<[string, Record<string, unknown>, number | null]>([
    ['Retry-After in seconds comes first', { 'retry-after': '7', 'x-ratelimit-reset': '40' }, 7_000],
    ['a fraction of a second is rounded up to whole ms', { 'retry-after': '0.0301' }, 31],
    ['header names may have any case', { 'Retry-After': ' 7 ' }, 7_000],
    ['Retry-After may be a date', { 'retry-after': 'Tue, 21 Jul 2026 12:00:09 GMT' }, 9_000],
    ['the old date form with a hyphen works', { 'retry-after': 'Tuesday, 21-Jul-26 12:00:09 GMT' }, 9_000],
    ['the asctime form means GMT', { 'retry-after': 'Tue Jul 21 12:00:09 2026' }, 9_000],
    ['a date in the past is no pause', { 'retry-after': 'Tue, 21 Jul 2020 12:00:09 GMT' }, 0],
    ['zero is no pause', { 'retry-after': '0' }, 0],
    ['a pause is an hour at most', { 'retry-after': '86400' }, 3_600_000],
    ['x-ratelimit-reset comes next, in seconds', { 'x-ratelimit-reset': '41' }, 41_000],
    ['a negative Retry-After is no year but unreadable', { 'retry-after': '-5', 'x-ratelimit-reset': '41' }, 41_000],
    ['an impossible date is unreadable', { 'retry-after': 'Tue, 41 Jul 2026 12:00:09 GMT' }, null],
    ['an ISO date is unreadable', { 'retry-after': '2026-07-21T12:00:09Z', 'x-ratelimit-reset': '3' }, 3_000],
    ['without any of them the caller decides', {}, null],
    ['a large reset is a moment in epoch seconds', { 'x-ratelimit-reset': `${moment + 2}` }, 2_000],
    ['a larger one is a moment in epoch ms', { 'x-ratelimit-reset': `${moment * 1000 + 2_500}` }, 2_500],
    ['a moment that is over is no pause', { 'x-ratelimit-reset': `${moment - 60}` }, 0],
    ['a moment years ahead is an hour', { 'x-ratelimit-reset': `${moment + 1e8}` }, 3_600_000],
    ['Retry-After may be a moment, too', { 'retry-after': `${moment + 5}` }, 5_000],
    ['two values in one header are unreadable', { 'x-ratelimit-reset': '41, 40' }, null],
  ])('%s', (_rule, headers, pause) => {
    expect(pauseFrom({ date, ...headers })).toBe(pause);
  });

  it('for any headers a pause is null or whole ms from 0 to an hour', () => {
    const numbers = fc.oneof(fc.double(), fc.bigInt(), fc.constantFrom('NaN', 'Infinity', '1e9', '٣', '9'.repeat(400)));
    const dates = fc.date({ noInvalidDate: true }).map((date) => date.toUTCString());
    const value = fc.oneof(fc.string(), numbers.map(String), dates, fc.anything());
    fc.assert(
      fc.property(value, value, value, (retryAfter, reset, at) => {
        const headers = { 'retry-after': retryAfter, 'x-ratelimit-reset': reset, date: at };
        for (const pause of [pauseFrom(headers), retryAfterMs(headers)]) {
          expect(pause === null || (Number.isInteger(pause) && pause >= 0 && pause <= 3_600_000)).toBe(true);
        }
      }),
    );
  });

  it.each(['', 'yesterday', undefined])(
    'moments are compared with the local clock where the date is %j',
    (unreadable) => {
      const inTen = Date.now() + 10_000;
      const asDate = pauseFrom({ date: unreadable, 'retry-after': new Date(inTen).toUTCString() });
      const asMoment = pauseFrom({ date: unreadable, 'x-ratelimit-reset': `${inTen}` });
      for (const pause of [asDate, asMoment]) expect(Math.abs((pause ?? 0) - 10_000)).toBeLessThan(2_000);
    },
  );

  it('any readable Retry-After in seconds wins over any reset', () => {
    fc.assert(
      fc.property(fc.nat(3600), fc.nat(3600), (seconds, reset) => {
        const headers = { 'retry-after': `${seconds}`, 'x-ratelimit-reset': `${reset}` };
        expect(pauseFrom(headers)).toBe(seconds * 1000);
      }),
    );
  });
});

describe('the allowance in an answer', () => {
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

  it('without any of them there is no rate limit', () => {
    expect(rateLimitOf({ 'x-ratelimit-reset': '-1' })).toBeNull();
  });

  it('numbers are finite and not negative for any headers', () => {
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
