// npm run chaos -- [--seed N] [--runs M] [--parallel P] [--verbose]: random schedules of failures on random libraries.
import { parseArgs } from 'node:util';
import { findRedis } from './find-redis.ts';
import type { Plan } from './plan/plan.ts';
import { failureText, kindsText, resultLine } from './report/result-line.ts';
import { runSeeds } from './run-seeds.ts';

const usage = `Usage: npm run chaos -- [--seed N] [--runs M] [--parallel P] [--verbose]
  --seed N      the first seed; a random one without it
  --runs M      so many runs, of the seeds N, N+1, …; 1 without it
  --parallel P  so many runs at a time; 1 without it
  --verbose     also shows the schedule and the traces of runs that are ok

Example: npm run chaos -- --runs 5
`;

process.exitCode = await main();
process.exit();

async function main(): Promise<number> {
  const options = readOptions();
  if (options === 'help') {
    process.stdout.write(usage);
    return 0;
  }
  if (options === null) {
    process.stderr.write(usage);
    return 2;
  }
  const { seed, runs, parallel, keep } = options;
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGTERM', () => process.exit(130));
  const startedAt = performance.now();
  const failed: number[] = [];
  const plans: Plan[] = [];
  process.stdout.write(`Seeds ${seed} to ${seed + runs - 1}.\n`);
  await runSeeds({
    seeds: Array.from({ length: runs }, (_, index) => seed + index),
    parallel,
    keep,
    program: await findRedis(),
    onResult(result) {
      plans.push(result.plan);
      process.stdout.write(`${resultLine(result)}\n`);
      if (result.failures.length > 0) failed.push(result.plan.seed);
      if (result.failures.length > 0 || keep) process.stdout.write(`${failureText(result)}\n`);
    },
  });
  process.stdout.write(`${kindsText(plans)}\n`);
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  const which = failed.length === 0 ? '' : `: seeds ${failed.join(', ')}`;
  process.stdout.write(`${runs - failed.length} of ${runs} runs ok, ${failed.length} failed${which}; ${seconds} s\n`);
  return failed.length === 0 ? 0 : 1;
}

interface Options {
  readonly seed: number;
  readonly runs: number;
  readonly parallel: number;
  readonly keep: boolean;
}

/** @returns null for wrong usage */
function readOptions(): Options | 'help' | null {
  try {
    const { values } = parseArgs({
      options: {
        seed: { type: 'string' },
        runs: { type: 'string' },
        parallel: { type: 'string' },
        verbose: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) return 'help';
    const number = (text: string | undefined, otherwise: number): number => {
      if (text === undefined) return otherwise;
      if (!/^\d{1,9}$/.test(text)) throw new RangeError(text);
      return Number(text);
    };
    const random = Math.floor(Math.random() * 1_000_000);
    return {
      seed: number(values.seed, random),
      runs: number(values.runs, 1),
      parallel: Math.max(1, number(values.parallel, 1)),
      keep: values.verbose,
    };
  } catch {
    return null;
  }
}
