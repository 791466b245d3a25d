import { expect, it } from 'vitest';
import { dateText, nearTime, periodText } from './words.ts';

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
