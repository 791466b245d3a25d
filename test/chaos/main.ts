// npm run chaos -- [--seed N] [--runs M] [--parallel P]: random schedules of failures on random libraries.
import { type ExitCode, exitCode, runProcess } from '@inventory/runtime';
import { Command } from 'commander';
import { wholeNumber } from '../support/whole-number.ts';
import { kindsOf } from './plan.ts';
import { runSeeds } from './run-seeds.ts';

await runProcess(({ signal, end }) => {
  signal.addEventListener('abort', () => process.exit(exitCode.interrupted));
  return new Command('npm run chaos')
    .usage('-- [options]')
    .description('Runs random schedules of failures on random libraries, and checks what comes of them.')
    .option('--seed <n>', 'the first seed', wholeNumber, Math.floor(Math.random() * 1_000_000))
    .option('--runs <m>', 'so many runs, of this seed and those after it', wholeNumber, 1)
    .option('--parallel <p>', 'so many runs at a time', wholeNumber, 1)
    .addHelpText('after', '\nExample: npm run chaos -- --runs 5')
    .action(async (options) => end(await chaos(options)));
});

type ChaosOptions = Readonly<Record<'seed' | 'runs' | 'parallel', number>>;

async function chaos({ seed, runs, parallel }: ChaosOptions): Promise<ExitCode> {
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  const startedAt = performance.now();
  print(`Seeds ${seed} to ${seed + runs - 1}.`);
  const results = await runSeeds({
    seeds: Array.from({ length: runs }, (_, index) => seed + index),
    parallel,
    onResult: ({ line, traces }) => print(traces === '' ? line : `${line}\n${traces}`),
  });
  const kinds = new Set(results.flatMap(({ plan }) => [...kindsOf(plan)]));
  print(`Kinds of trouble in them: ${[...kinds].sort().join(', ')}`);
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  const failed = results.filter(({ failures }) => failures.length > 0).map(({ plan }) => plan.seed);
  const which = failed.length === 0 ? '' : `: seeds ${failed.join(', ')}`;
  print(`${runs - failed.length} of ${runs} runs ok, ${failed.length} failed${which}; ${seconds} s`);
  return failed.length === 0 ? exitCode.done : exitCode.partial;
}
