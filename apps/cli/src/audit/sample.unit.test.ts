import fc from 'fast-check';
import { expect, it } from 'vitest';
import { exactInterval } from './sample.ts';

it.each([
  // R, binom.test
  [0, 50, 0, 0.07112174],
  [1, 50, 0.0005062, 0.1064695],
  [5, 50, 0.03327509, 0.2181354],
  [10, 100, 0.04900469, 0.1762226],
  [7, 20, 0.1539092, 0.5921885],
  // The rule of three: none of 300 is at most about 1 in 100 (one-sided), 1.22 in 100 here.
  [0, 300, 0, 0.01222],
])('%d of %d is %d to %d with 95 %% confidence', (hits, trials, low, high) => {
  const interval = exactInterval(hits, trials);
  expect(interval.low).toBeCloseTo(low, 4);
  expect(interval.high).toBeCloseTo(high, 4);
});

it('an empty sample tells nothing', () => {
  expect(exactInterval(0, 0)).toEqual({ low: 0, high: 1 });
});

it('it holds the share of the sample, and misses mirror hits', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), fc.double({ min: 0, max: 1, noNaN: true }), (trials, part) => {
      const hits = Math.round(part * trials);
      const { low, high } = exactInterval(hits, trials);
      expect(low).toBeLessThanOrEqual(hits / trials);
      expect(high).toBeGreaterThanOrEqual(hits / trials);
      const mirrored = exactInterval(trials - hits, trials);
      expect(mirrored.low).toBeCloseTo(1 - high, 9);
      expect(mirrored.high).toBeCloseTo(1 - low, 9);
    }),
    { numRuns: 50 },
  );
});
