import { expect, it } from 'vitest';
import { findRedis } from './find-redis.ts';
import { failureText, resultLine } from './report/result-line.ts';
import type { RunResult } from './run-seed.ts';
import { runSeeds } from './run-seeds.ts';

/** Between them: all sets of processes, both variants, all intervals, every kind of event and trouble; more by `npm run chaos`. */
const seeds = [1, 6, 8, 12, 13, 28, 43, 55];

it('whatever is killed, cut or answered wrongly, every test ends up right and nothing is lost or asked twice', async () => {
  const results: RunResult[] = [];
  const onResult = (result: RunResult): void => void results.push(result);
  await runSeeds({ seeds, parallel: 3, program: await findRedis(), onResult });
  const failed = results.filter(({ failures }) => failures.length > 0);
  expect(failed.map(failureText).join('\n'), results.map(resultLine).join('\n')).toBe('');
  expect(results).toHaveLength(seeds.length);
});
