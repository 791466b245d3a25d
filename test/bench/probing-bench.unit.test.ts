import { expect, it } from 'vitest';
import { paceOf } from './probing-bench.ts';

const seen = (...times: [at: number, testUuid: string][]) =>
  times.map(([at, testUuid]) => ({ at, testUuid, status: 200 }));

it('one request per interval is full utilisation', () => {
  const pace = paceOf(seen([0, 'a'], [100, 'b'], [200, 'a'], [300, 'b'], [400, 'c']), 100);
  expect(pace).toMatchObject({ requests: 5, utilisation: 1, leastMs: 100 });
});

it('what comes after all tests but one have ended does not count', () => {
  const pace = paceOf(seen([0, 'a'], [100, 'b'], [200, 'a'], [900, 'b'], [1700, 'b']), 100);
  expect(pace.utilisation).toBe(1);
});

it('a lost interval shows', () => {
  expect(paceOf(seen([0, 'a'], [100, 'b'], [300, 'a'], [400, 'b']), 100).utilisation).toBeCloseTo(2 / 3);
  expect(paceOf(seen([0, 'a'], [200, 'b'], [400, 'a'], [600, 'b'], [800, 'c'], [900, 'c']), 100).utilisation).toBe(0.5);
});
