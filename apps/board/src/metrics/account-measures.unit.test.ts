import { expect, it } from 'vitest';
import { utilisation } from './account-measures.ts';

const now = 1_000_000_000;
const every = (ms: number, count: number) => Array.from({ length: count }, (_, index) => now - index * ms);

it('is 1 when every interval was used, whatever came before the last five minutes', () => {
  expect(utilisation(every(6_000, 500), 6_000, now)).toBe(1);
  expect(utilisation(every(6_000, 51), 6_000, now)).toBe(1);
});

it('is the share of the allowed requests of five minutes', () => {
  expect(utilisation(every(12_000, 100), 6_000, now)).toBeCloseTo(0.5);
  expect(utilisation(every(6_000, 10), 6_000, now)).toBeCloseTo(0.2);
  expect(utilisation([], 6_000, now)).toBe(0);
});

it('of a list that was cut is that of the time it tells of', () => {
  expect(utilisation(every(80, 1000), 40, now)).toBeCloseTo(0.5, 2);
});

it('does not exist without a limit', () => {
  expect(utilisation(every(10, 5), 0, now)).toBeNull();
});
