import { expect, it } from 'vitest';
import { timeLeft } from './time-left.ts';

const minute = 60_000;
const hour = 60 * minute;

it.each([
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
