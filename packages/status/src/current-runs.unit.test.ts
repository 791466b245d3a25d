import { expect, it } from 'vitest';
import { currentRuns } from './current-runs.ts';

const run = { id: '1', selection: 'all', startedAt: 0, listed: true, selected: 9, open: 0, outcomes: {} };

it('all runs that are not over are current; when all are, the latest one', () => {
  const ended = { ...run, id: '2' };
  const going = { ...run, id: '3', open: 1 };
  expect(currentRuns([run, going, ended])).toEqual([going]);
  expect(currentRuns([run, ended])).toEqual([ended]);
  expect(currentRuns([])).toEqual([]);
});
