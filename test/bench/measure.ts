import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RedisClient } from '@inventory/redis';
import { type Ended, startProcess } from '../support/program.ts';

/** A process that has ended, and what it took. */
export interface Measured extends Ended {
  readonly ms: number;
  /** The most memory that it held (RSS), MB. */
  readonly peakMb: number;
}

/** Makes a process write its peak down when it exits. */
const preload = [
  'import{writeFileSync}from"node:fs"',
  'process.on("exit",()=>writeFileSync(process.env.BENCH_PEAK_FILE,String(process.resourceUsage().maxRSS)))',
].join(';');
const keysAtOnce = 1000;

/** How long work takes, ms. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** Does work in a temporary folder, which is removed after it. */
export async function inFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'inventory-bench-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Does work under a prefix of its own, and removes all that is left of it. */
export async function withPrefix<Result>(
  client: RedisClient,
  work: (prefix: string) => Promise<Result>,
): Promise<Result> {
  const prefix = `{bench-${randomUUID()}}`;
  try {
    return await work(prefix);
  } finally {
    // Bottleneck's begin otherwise.
    const keys = await client.keys(`*${prefix}*`);
    for (let from = 0; from < keys.length; from += keysAtOnce) {
      await client.unlink(...keys.slice(from, from + keysAtOnce));
    }
  }
}

/** Runs an app to its end and measures it from start to exit. */
export function runMeasured(
  [app, ...args]: readonly [app: string, ...args: string[]],
  settings: Readonly<Record<string, string>>,
): Promise<Measured> {
  return inFolder(async (folder) => {
    const file = join(folder, 'peak');
    const watched = {
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(preload)}`,
      BENCH_PEAK_FILE: file,
    };
    const startedAt = performance.now();
    const ended = await startProcess(app, args, { ...settings, ...watched }).ended;
    const ms = performance.now() - startedAt;
    return { ...ended, ms, peakMb: Number(await readFile(file, 'utf8')) / 1024 };
  });
}

/** What Redis holds in memory, bytes. */
export async function redisMemory(client: RedisClient): Promise<number> {
  return Number(/^used_memory:(\d+)/m.exec(await client.info('memory'))?.[1]);
}

/** Begins to watch for commands that keep Redis busy for more than a millisecond. */
export async function watchSlowCommands(client: RedisClient): Promise<void> {
  await client.config('SET', 'slowlog-log-slower-than', '1000');
  await client.config('SET', 'slowlog-max-len', '10000');
  await client.slowlog('RESET');
}

/** The command that kept Redis busy for longest since then, and for how long; others had to wait for so long. */
export async function slowestCommand(client: RedisClient): Promise<string> {
  const entries = (await client.slowlog('GET', 10_000)) as [number, number, number, string[]][];
  const [, , micros, [name]] = entries.reduce(
    (most, entry) => (entry[2] > most[2] ? entry : most),
    [0, 0, 0, ['none']],
  );
  await client.config('SET', 'slowlog-log-slower-than', '10000');
  return `${(micros / 1000).toFixed(1)} ms (${name})`;
}
