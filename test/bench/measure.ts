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

/** How long work takes, ms. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** A temporary folder, which is removed in the end. */
export async function openFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'inventory-bench-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** Empties Redis: what is left there would count as memory of what comes. @returns a prefix that nobody has used */
export async function freshPrefix(client: RedisClient): Promise<string> {
  await client.flushdb();
  return `{bench-${randomUUID()}}`;
}

/** Runs an app to its end and measures it from start to exit. */
export async function runMeasured(
  [app, ...args]: readonly [app: string, ...args: string[]],
  settings: Readonly<Record<string, string>>,
): Promise<Measured> {
  await using folder = await openFolder();
  const file = join(folder.path, 'peak');
  const peak = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(preload)}`, BENCH_PEAK_FILE: file };
  const startedAt = performance.now();
  const ended = await startProcess(app, args, { ...settings, ...peak }).ended;
  const ms = performance.now() - startedAt;
  return { ...ended, ms, peakMb: Number(await readFile(file, 'utf8')) / 1024 };
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
  const [, , micros, [name]] = entries.sort((a, b) => b[2] - a[2])[0] ?? [0, 0, 0, ['none']];
  return `${(micros / 1000).toFixed(1)} ms (${name})`;
}

/** How many lines a text has. */
export function linesIn(text: Uint8Array): number {
  return text.reduce((lines, byte) => (byte === 0x0a ? lines + 1 : lines), 0);
}
