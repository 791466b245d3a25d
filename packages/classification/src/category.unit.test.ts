import { expect, it } from 'vitest';
import { coverageOf } from './category.ts';

it('coverage counts the UTZ tests that have a test type, of all UTZ tests', () => {
  const counts = { survey: 3, 'interaction test': 1, 'live conversation': 1, 'no sessions': 2, ClassicUT: 9 };
  expect(coverageOf(counts)).toEqual({ typed: 4, utz: 7 });
  expect(coverageOf({})).toEqual({ typed: 0, utz: 0 });
});
