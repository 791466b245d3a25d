import { expect, it } from 'vitest';
import { failureText, resultLine } from './report.ts';
import { type RunResult, runSeeds } from './run-seeds.ts';

/** Between them: all sets of processes, both variants, all intervals, every kind of trouble; more by `npm run chaos`. */
const seeds = [0, 2, 6, 7, 8, 18, 55, 59];

it('whatever is killed, cut or answered wrongly, every test ends up right and nothing is lost or asked twice', async () => {
  const results: RunResult[] = [];
  await runSeeds({ seeds, parallel: 3, onResult: (result) => void results.push(result) });
  const failed = results.filter(({ failures }) => failures.length > 0);
  expect(failed.map(failureText).join('\n'), results.map(resultLine).join('\n')).toBe('');
  expect(results).toHaveLength(seeds.length);
});
