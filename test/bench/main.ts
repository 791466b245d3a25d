// npm run bench: measures this program (docs/performance.md).
import { cpus } from 'node:os';
import { resolve } from 'node:path';
import { createLogger, SecretRegistry } from '@inventory/logger';
import { openRedis } from '@inventory/redis';
import { type ExitCode, exitCode, runProcess } from '@inventory/runtime';
import { Command, Option } from 'commander';
import { wholeNumber } from '../support/whole-number.ts';
import { boardBench } from './board-bench.ts';
import { killBench } from './kill-bench.ts';
import { memoryBench } from './memory-bench.ts';
import { paceBench } from './pace-bench.ts';
import { type Part, print } from './part.ts';
import { probedBench } from './probed-bench.ts';
import { scaleBench } from './scale-bench.ts';

const parts: Readonly<Record<string, Part>> = {
  pace: paceBench,
  kill: killBench,
  probed: probedBench,
  scale: scaleBench,
  memory: memoryBench,
  board: boardBench,
};

interface BenchOptions {
  readonly quick?: boolean;
  readonly only: readonly string[];
  readonly sizes?: readonly number[];
}

await runProcess(({ signal, end }) => {
  signal.addEventListener('abort', () => process.exit(exitCode.interrupted));
  return new Command('npm run bench')
    .usage('-- [options]')
    .description('Measures the program; ends with 1 when a result is wrong or a target missed.')
    .option('--quick', 'everything small, in under two minutes; only wrong results count, never a time')
    .addOption(new Option('--only <parts...>', 'some parts').choices(Object.keys(parts)).default(Object.keys(parts)))
    .option('--sizes <n...>', 'tests in the libraries of the part scale', (text, before: readonly number[] = []) => [
      ...before,
      wholeNumber(text),
    ])
    .action(async (options: BenchOptions) => end(await bench(options)));
});

async function bench({ quick = false, only, sizes }: BenchOptions): Promise<ExitCode> {
  const dataDir = resolve('.data/bench');
  const logger = createLogger({ name: 'bench', level: 'warn', format: '', secrets: new SecretRegistry() });
  const redis = await openRedis({ redisUrl: '', dataDir, name: 'bench', logger });
  // What a benchmark that was cut off has left behind would count as memory of this one.
  const client = redis.connect('main');
  await client.flushall();
  // Redis may be at it already, after a large benchmark.
  await client.bgrewriteaof().catch(() => undefined);
  print(`Machine: ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}.`);
  const found = { wrong: [] as string[], missed: [] as string[] };
  const take = (list: string[]) => (what: string | false) => void (what !== false && list.push(what));
  const common = { dataDir, quick, sizes, wrong: take(found.wrong), missed: take(found.missed) };
  for (const [name, part] of Object.entries(parts)) {
    if (only.includes(name)) await part({ ...common, client: redis.connect(name) });
  }
  await redis.close();
  print('');
  for (const what of found.wrong) print(`[WRONG] ${what}`);
  for (const what of found.missed) print(`[MISSED] ${what}`);
  if (found.wrong.length + found.missed.length === 0) print('All results are right, and all targets are met.');
  return found.wrong.length === 0 && (quick || found.missed.length === 0) ? exitCode.done : exitCode.partial;
}
