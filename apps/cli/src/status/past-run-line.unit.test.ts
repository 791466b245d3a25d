import { expect, it } from 'vitest';
import { pastRunLine } from './past-run-line.ts';

const now = new Date(2026, 0, 2, 12, 0, 0).getTime();
const outcomes = { error: 20, survey: 100 };
const run = { id: '1', selection: 'all', startedAt: now, listed: true, selected: 120, open: 0, outcomes };

it.each([
  [
    { finishedAt: now + 60_000, verified: true },
    '12:00:00 to 12:01:00, all workspaces: 120 tests, 100 survey, 20 errors',
  ],
  [{ verified: true }, 'files passed'],
  [{ verified: false }, 'files did not pass: npm run verify'],
  [{}, 'files not checked yet'],
])('a run that is over, with %j, reads as a line', (more, line) => {
  expect(pastRunLine({ ...run, ...more }, now)).toContain(line);
});
