import { describe, expect, it, test } from 'vitest';
import { clockTime, countOf, isoTime, shareOf, timeLeft } from './words.ts';

test.each([
  [0, '0 tests'],
  [1, '1 test'],
  [1_204, '1,204 tests'],
])('%i tests are counted as %s', (count, text) => {
  expect(countOf(count, 'test')).toBe(text);
});

const minute = 60_000;
const hour = 60 * minute;

test.each([
  [-5, '0 s'],
  [0, '0 s'],
  [1, '1 s'],
  [89_000, '89 s'],
  [12 * minute, '12 min'],
  [3 * hour + 5 * minute, '3 h 05 min'],
  [47 * hour + 59 * minute, '47 h 59 min'],
  [52 * hour, '2 d 4 h'],
])('%i ms read as %s', (ms, text) => {
  expect(timeLeft(ms)).toBe(text);
});

describe('a time for people', () => {
  const noon = new Date(2026, 0, 2, 12, 5, 9);

  it('is a time of day on the same day', () => {
    expect(clockTime(noon.getTime(), noon.getTime() + 1000)).toBe('12:05:09');
    expect(clockTime(noon.toISOString(), noon.getTime())).toBe('12:05:09');
  });

  it('has its local date on another day', () => {
    expect(clockTime(noon.getTime(), new Date(2026, 0, 3).getTime())).toBe('2026-01-02 12:05:09');
  });
});

test('a time for machines is in ISO 8601 and UTC, or null', () => {
  expect([isoTime(1000), isoTime(null), isoTime(undefined)]).toEqual(['1970-01-01T00:00:01.000Z', null, null]);
});

it.each([
  [0, 100, '0 %'],
  [0, 0, '0 %'],
  [1, 100_000, '< 0.1 %'],
  [3, 100, '3 %'],
  [1, 3, '33 %'],
  [99_999, 100_000, '99 %'],
  [5, 5, '100 %'],
])('%d of %d is %s: never none for some, nor all for less', (part, whole, text) => {
  expect(shareOf(part, whole)).toBe(text);
});
