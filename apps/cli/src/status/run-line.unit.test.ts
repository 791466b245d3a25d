import { expect, it } from 'vitest';
import { runLine } from './run-line.ts';

const now = new Date(2026, 0, 2, 12, 0, 0).getTime();
const run = { id: '1', selection: 'all', startedAt: now, listed: true, selected: 1234, open: 0, outcomes: {} };

it.each([
  [{ open: 34 }, 'all workspaces, started 12:00:00: 1,200 of 1,234 tests done'],
  [{ open: 34, listed: false }, /1,200 of 1,234 tests done, not listed to the end yet$/],
  [{ finishedAt: now }, /all 1,234 tests done, ended 12:00:00$/],
  [{ selection: 'retry' }, /^retry of errors/],
  [{ selection: 'reclassify' }, /^reclassification/],
  [{ selection: 'audit 50 7' }, /^audit, started/],
  [{ selection: 'a,b' }, /^2 workspaces/],
])('a run with %j reads as a line', (more, line) => {
  expect(runLine({ ...run, ...more }, now)).toMatch(line);
});
