import { expect, it } from 'vitest';
import { dateText, nearTime, periodText, shareOf } from './words.ts';

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

it('a time is as exact as it has to be: today, this week, else', () => {
  const now = new Date(2026, 2, 3, 12, 0).getTime();
  const at = (day: number): string => new Date(2026, 2, day, 14, 5).toISOString();
  expect([at(3), at(5), at(20)].map((then) => nearTime(then, now))).toEqual([
    '14:05',
    'Thu 14:05',
    '20 Mar 2026, 14:05',
  ]);
});

it('a date that is not known is a dash', () => {
  expect([dateText(null), dateText('never')]).toEqual(['–', '–']);
});

it('a month is named, a year is a number', () => {
  expect([periodText('2026-03'), periodText('2026')]).toEqual(['Mar 2026', '2026']);
});
