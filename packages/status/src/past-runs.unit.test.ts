import { expect, it } from 'vitest';
import { pastRuns } from './past-runs.ts';

const run = { selection: 'all', startedAt: 0, listed: true, selected: 9, open: 0, outcomes: {} };
const runs = Array.from({ length: 25 }, (_, index) => ({ ...run, id: String(index) }));

it('the last twenty runs that are over are history, the latest first', () => {
  const going = [
    { ...run, id: 'open', open: 1 },
    { ...run, id: 'unlisted', listed: false },
  ];
  const ids = pastRuns([...runs, ...going]).map(({ id }) => id);
  expect(ids).toHaveLength(20);
  expect([ids.at(0), ids.at(-1)]).toEqual(['24', '5']);
});
