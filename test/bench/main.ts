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
import { type Part, type PartOptions, print } from './part.ts';
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
    .action(async (options) => end(await bench(options)));
});

interface BenchOptions extends Partial<Pick<PartOptions, 'quick' | 'sizes'>> {
  readonly only: readonly string[];
}

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
  const [wrong, missed]: [string[], string[]] = [[], []];
  const take = (list: string[]) => (what: string | false) => void (what !== false && list.push(what));
  for (const [name, part] of Object.entries(parts)) {
    if (!only.includes(name)) continue;
    await part({ client: redis.connect(name), dataDir, quick, sizes, wrong: take(wrong), missed: take(missed) });
  }
  await redis.close();
  const lines = [...wrong.map((what) => `[WRONG] ${what}`), ...missed.map((what) => `[MISSED] ${what}`)];
  print(['', ...lines].join('\n'));
  if (lines.length === 0) print('All results are right, and all targets are met.');
  return wrong.length === 0 && (quick || missed.length === 0) ? exitCode.done : exitCode.partial;
}
