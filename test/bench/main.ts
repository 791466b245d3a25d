// npm run bench: measures this program (docs/performance.md).
import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { Checkpoints } from '@inventory/checkpoints';
import { createLogger, SecretRegistry } from '@inventory/logger';
import { Keyspace, openRedis } from '@inventory/redis';
import { exitCode, runProcess } from '@inventory/runtime';
import { Command, Option } from 'commander';
import { wholeNumber } from '../support/whole-number.ts';
import { board } from './board-bench.ts';
import type { Part, PartOptions, Place } from './part.ts';
import { kill, pace, probed } from './probing-bench.ts';
import { memory, scale } from './scale-bench.ts';

const wholeNumbers = (text: string, before: readonly number[] = []) => [...before, wholeNumber(text)];
const parts: Readonly<Record<string, Part>> = { pace, kill, probed, scale, memory, board };

await runProcess(({ signal, end }) => {
  signal.addEventListener('abort', () => process.exit(exitCode.interrupted));
  return new Command('npm run bench')
    .usage('-- [options]')
    .description('Measures the program; ends with 1 when a result is wrong or a target missed.')
    .option('--quick', 'everything small, in under two minutes; only wrong results count, never a time')
    .addOption(new Option('--only <parts...>', 'some parts').choices(Object.keys(parts)).default(Object.keys(parts)))
    .option('--sizes <n...>', 'tests in the libraries of the part scale', wholeNumbers)
    .action(async ({ only, ...options }) => end(await bench(only, options)));
});

async function bench(only: readonly string[], { quick = false, sizes }: Pick<PartOptions, 'quick' | 'sizes'>) {
  const dataDir = resolve('.data/bench');
  const folder = join(dataDir, 'files');
  const logger = createLogger({ name: 'bench', level: 'warn', format: '', secrets: new SecretRegistry() });
  const redis = await openRedis({ redisUrl: '', dataDir, name: 'bench', logger });
  const client = redis.connect('main');
  // What a benchmark that was cut off has left behind would count in the append-only file of this one.
  await client.flushall();
  // Redis may be at it already, after a large benchmark.
  await client.bgrewriteaof().catch(() => undefined);
  const open = async (): Promise<Place> => {
    await client.flushdb();
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder);
    const prefix = `{bench-${randomUUID()}}`;
    const settings = { QUEUE_PREFIX: prefix, DATA_DIR: dataDir, STATE_DIR: join(folder, 'state') };
    return { checkpoints: await Checkpoints.open(new Keyspace(client, prefix)), folder, settings };
  };
  console.log(`Machine: ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}.`);
  const [wrong, missed]: [string[], string[]] = [[], []];
  const take = (list: string[]) => (what: string | false) => void (what !== false && list.push(what));
  for (const [name, part] of Object.entries(parts)) {
    if (only.includes(name)) await part({ quick, sizes, open, wrong: take(wrong), missed: take(missed) });
  }
  await redis.close();
  const lines = [...wrong.map((what) => `[WRONG] ${what}`), ...missed.map((what) => `[MISSED] ${what}`)];
  console.log(['', ...lines].join('\n'));
  if (lines.length === 0) console.log('All results are right, and all targets are met.');
  return wrong.length === 0 && (quick || missed.length === 0) ? exitCode.done : exitCode.partial;
}
