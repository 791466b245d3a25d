import { expect, it } from 'vitest';
import { sortedRuns } from './status.ts';

const over = { selection: 'all', startedAt: 0, listed: true, selected: 9, open: 0, outcomes: {} };
const working = { ...over, id: 'working', open: 1 };
const listing = { ...over, id: 'listing', listed: false };
const many = Array.from({ length: 25 }, (_, index) => ({ ...over, id: String(index) }));

it('all runs that are not over are current; if all are, the latest one', () => {
  expect(sortedRuns([...many, working, listing, { ...over, id: 'last' }]).runs).toEqual([working, listing]);
  expect(sortedRuns(many).runs.map(({ id }) => id)).toEqual(['24']);
  expect(sortedRuns([])).toEqual({ runs: [], history: [] });
});

it('the last twenty runs that are over are history, the latest first', () => {
  const ids = sortedRuns([...many, working, listing]).history.map(({ id }) => id);
  expect(ids).toHaveLength(20);
  expect([ids.at(0), ids.at(-1)]).toEqual(['24', '5']);
});
