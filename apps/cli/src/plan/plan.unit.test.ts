import { expect, it } from 'vitest';
import { resumedRun } from './plan.ts';

const run = { id: '1', selection: 'all', startedAt: 1, listed: true, selected: 3, open: 0, outcomes: {} };

it.each([
  ['open tests', { open: 2 }, true],
  ['a listing that did not end', { listed: false }, true],
  ['nothing left', {}, false],
])('a run with %s', (_, more, resumes) => {
  expect(resumedRun([run, { ...run, id: '2', ...more }], 'all') !== null).toBe(resumes);
});

it('only the latest run of the same selection is resumed', () => {
  expect(resumedRun([{ ...run, open: 1 }], 'retry')).toBeNull();
  expect(resumedRun([{ ...run, open: 1 }, run], 'all')).toBeNull();
});
