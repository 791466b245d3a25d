// npm run chaos -- [--seed N] [--runs M] [--parallel P] [--verbose]: random schedules of failures on random libraries.
import { type ExitCode, exitCode, runProcess } from '@inventory/runtime';
import { Command } from 'commander';
import { wholeNumber } from '../support/whole-number.ts';
import { countKinds } from './plan.ts';
import { failureText, resultLine } from './report.ts';
import { runSeeds } from './run-seeds.ts';

interface ChaosOptions {
  readonly seed: number;
  readonly runs: number;
  readonly parallel: number;
  readonly verbose?: boolean;
}

await runProcess(({ signal, end }) => {
  signal.addEventListener('abort', () => process.exit(exitCode.interrupted));
  return new Command('npm run chaos')
    .usage('-- [options]')
    .description('Runs random schedules of failures on random libraries, and checks what comes of them.')
    .option('--seed <n>', 'the first seed', wholeNumber, Math.floor(Math.random() * 1_000_000))
    .option('--runs <m>', 'so many runs, of this seed and those after it', wholeNumber, 1)
    .option('--parallel <p>', 'so many runs at a time', wholeNumber, 1)
    .option('--verbose', 'show the schedule and the traces of runs that are ok, too')
    .addHelpText('after', '\nExample: npm run chaos -- --runs 5')
    .action(async (options: ChaosOptions) => end(await chaos(options)));
});

async function chaos({ seed, runs, parallel, verbose: keep = false }: ChaosOptions): Promise<ExitCode> {
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  const startedAt = performance.now();
  print(`Seeds ${seed} to ${seed + runs - 1}.`);
  const results = await runSeeds({
    seeds: Array.from({ length: runs }, (_, index) => seed + index),
    parallel,
    keep,
    onResult(result) {
      print(resultLine(result));
      if (result.failures.length > 0 || keep) print(failureText(result));
    },
  });
  const kinds = [...countKinds(results.map(({ plan }) => plan))].map(([kind, count]) => `${kind} ${count}`);
  print(`Runs with each kind: ${kinds.join(', ')}`);
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  const failed = results.filter(({ failures }) => failures.length > 0).map(({ plan }) => plan.seed);
  const which = failed.length === 0 ? '' : `: seeds ${failed.join(', ')}`;
  print(`${runs - failed.length} of ${runs} runs ok, ${failed.length} failed${which}; ${seconds} s`);
  return failed.length === 0 ? exitCode.done : exitCode.partial;
}
