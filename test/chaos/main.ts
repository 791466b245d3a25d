// npm run chaos -- [--seed N] [--runs M] [--parallel P] [--verbose]: random schedules of failures on random libraries.
import { parseArgs } from 'node:util';
import { refuseSwallowedFlags } from '@inventory/runtime';
import type { Plan } from './plan.ts';
import { failureText, kindsText, resultLine } from './report.ts';
import { runSeeds } from './run-seeds.ts';

const usage = `Usage: npm run chaos -- [--seed N] [--runs M] [--parallel P] [--verbose]
  --seed N      the first seed; a random one without it
  --runs M      so many runs, of the seeds N, N+1, …; 1 without it
  --parallel P  so many runs at a time; 1 without it
  --verbose     also shows the schedule and the traces of runs that are ok

Example: npm run chaos -- --runs 5
`;

const { seed, runs, parallel, keep } = readOptions();
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
process.exit(failed.length === 0 ? 0 : 1);

/** Reads the command line. Wrong usage ends the process with 2, `--help` with 0. */
function readOptions() {
  try {
    refuseSwallowedFlags(['--seed <n>', '--runs <m>', '--parallel <p>', '--verbose']);
    const { values } = parseArgs({
      options: {
        seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000)) },
        runs: { type: 'string', default: '1' },
        parallel: { type: 'string', default: '1' },
        verbose: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) {
      process.stdout.write(usage);
      process.exit(0);
    }
    const number = (text: string): number => {
      if (!/^\d{1,9}$/.test(text)) throw new RangeError(`'${text}' is not a whole number.`);
      return Number(text);
    };
    const [seed, runs, parallel] = [number(values.seed), number(values.runs), Math.max(1, number(values.parallel))];
    return { seed, runs, parallel, keep: values.verbose };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n${usage}`);
    process.exit(2);
  }
}
