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
import { type Findings, type Part, print } from './part.ts';
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
  const findings: Findings[] = [];
  for (const [name, part] of Object.entries(parts)) {
    if (only.includes(name)) findings.push(await part({ client: redis.connect(name), dataDir, quick, sizes }));
  }
  await redis.close();
  const wrong = findings.flatMap((found) => found.wrong);
  const missed = findings.flatMap((found) => found.missed);
  print('');
  for (const what of wrong) print(`[WRONG] ${what}`);
  for (const what of missed) print(`[MISSED] ${what}`);
  if (wrong.length + missed.length === 0) print('All results are right, and all targets are met.');
  return wrong.length === 0 && (quick || missed.length === 0) ? exitCode.done : exitCode.partial;
}
