import { expect, it } from 'vitest';
import { countOf } from './count.ts';
import { dateText, nearMoment } from './moment.ts';
import { shareOf } from './share-of.ts';
import { timeLeft } from './time-left.ts';

it.each([
  [-5, '0 s'],
  [45_000, '45 s'],
  [12 * 60_000, '12 min'],
  [7 * 3_600_000, '7 h'],
  [52 * 3_600_000, '2 d 4 h'],
])('%d ms read as %s', (ms, text) => expect(timeLeft(ms)).toBe(text));

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

it('a moment is as exact as it has to be: today, this week, else', () => {
  const now = new Date(2026, 2, 3, 12, 0).getTime();
  const at = (day: number): string => new Date(2026, 2, day, 14, 5).toISOString();
  expect([at(3), at(5), at(20)].map((then) => nearMoment(then, now))).toEqual([
    '14:05',
    'Thu 14:05',
    '20 Mar 2026, 14:05',
  ]);
});

it('a date that is not known is a dash', () => {
  expect([dateText(null), dateText('never')]).toEqual(['–', '–']);
});

it('one is one, and thousands are set apart', () => {
  expect([countOf(1, 'test'), countOf(1_204, 'test')]).toEqual(['1 test', '1,204 tests']);
});
