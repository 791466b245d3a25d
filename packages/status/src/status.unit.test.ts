import { expect, it } from 'vitest';
import { errorFacts, errorGroups, sortedRuns } from './status.ts';

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

it('errors are counted by type, and the latest five are shown, the latest first', () => {
  const times = [30, 70, 10, 60, 20, 50, 40];
  const errors = times.map((at) => {
    const type = at > 50 ? ('network_error' as const) : ('auth_error' as const);
    return [`test ${at}`, { type, error: `said at ${at}`, at }] as const;
  });
  const { errorsByType, recentErrors } = errorFacts(errors);
  expect(errorsByType).toEqual({ network_error: 2, auth_error: 5 });
  expect(recentErrors.map(({ at }) => at)).toEqual([70, 60, 50, 40, 30]);
  expect(errorFacts([])).toEqual({ errorsByType: {}, recentErrors: [] });
});

it('errors that say the same but for the UUIDs in them are one group, with its latest error', () => {
  const uuid = (digit: string): string => `${digit.repeat(8)}-0000-4000-8000-000000000000`;
  const error = (digit: string, at: number) =>
    [uuid(digit), { type: 'unclassified_error', error: `${uuid(digit)} answered 403`, at }] as const;
  const other = ['workspace:w', { type: 'network_error', error: 'gone', at: 9 }] as const;
  expect(errorGroups([error('a', 1), other, error('b', 3), error('c', 2)])).toEqual([
    { key: uuid('b'), type: 'unclassified_error', error: `${uuid('b')} answered 403`, at: 3, count: 3 },
    { key: 'workspace:w', type: 'network_error', error: 'gone', at: 9, count: 1 },
  ]);
});
