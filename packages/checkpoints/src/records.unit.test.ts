import { expect, it } from 'vitest';
import { phaseOf } from './records.ts';

it.each([
  ['listing', { listed: false, open: 0 }],
  ['listing', { listed: false, open: 2 }],
  ['working', { listed: true, open: 2 }],
  ['over', { listed: true, open: 0 }],
] as const)('a run is %s: %o', (phase, run) => {
  expect(phaseOf(run)).toBe(phase);
});
