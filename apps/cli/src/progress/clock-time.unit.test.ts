import { expect, it } from 'vitest';
import { clockTime } from './clock-time.ts';

const noon = new Date(2026, 0, 2, 12, 5, 9).getTime();

it('a moment of today is a time of the day', () => {
  expect(clockTime(noon, noon + 1000)).toBe('12:05:09');
});

it('another day is named by its local date', () => {
  expect(clockTime(noon, new Date(2026, 0, 3).getTime())).toBe('2026-01-02 12:05:09');
});
