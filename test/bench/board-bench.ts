import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RedisClient } from '@inventory/redis';
import { startProgram } from '../support/program.ts';
import { fillLibrary } from './fill-library.ts';

export interface BoardBenchOptions {
  readonly client: RedisClient;
  /** Where the embedded Redis of the benchmark is. */
  readonly dataDir: string;
  readonly tests: number;
}

/** What the board promises at 100,000 tests. Times in ms, memory in MB. */
const promised = { median: 50, whole: 5_000, memory: 200 };

const queries = [
  '',
  'sort=title',
  'sort=orderedAt&order=desc',
  'sort=workspace&platform=UTZ',
  'sort=decidedAt&order=desc&type=survey',
  'sort=title&order=desc&q=prototype',
  'q=00',
  'sort=type&workspace=workspace-3',
];
const rounds = 40;

/**
 * Measures the board as a process of its own: pages of the table, the whole library as NDJSON, and memory.
 * @returns whether it keeps what is promised
 */
export async function boardBench({ client, dataDir, tests }: BoardBenchOptions): Promise<boolean> {
  const prefix = `{bench-${randomUUID()}}`;
  await fillLibrary(client, prefix, tests);
  const settings = { DATA_DIR: dataDir, QUEUE_PREFIX: prefix, BOARD_PORT: '0', LOG_LEVEL: 'warn' };
  const board = startProgram('board', [], settings);
  try {
    await board.said(/The board is at \S+\n/);
    const url = /at (\S+)\n/.exec(board.stdout())?.[1] ?? '';
    const loadedMs = await timed(() => untilComplete(url, tests));
    const memory = [rss(board.child.pid)];
    const first = await pageTimes(url, 1);
    const pages = await pageTimes(url, rounds);
    memory.push(rss(board.child.pid));
    const wholeMs = await timed(async () => void (await (await fetch(`${url}/api/tests?format=ndjson`)).arrayBuffer()));
    memory.push(rss(board.child.pid));
    const row = { median: at(pages, 0.5), p99: at(pages, 0.99), slowest: at(first, 1), whole: wholeMs };
    const most = Math.max(...memory);
    print(`\nThe board with ${tests.toLocaleString('en-US')} tests:\n`);
    print('| read all tests | page, median | page, p99 | first page of an order | whole library as NDJSON | memory |');
    print('|---|---|---|---|---|---|');
    const times = [row.median, row.p99, row.slowest].map((ms) => `${ms.toFixed(1)} ms`);
    print(`| ${seconds(loadedMs)} | ${times.join(' | ')} | ${seconds(wholeMs)} | ${most.toFixed(0)} MB |`);
    return row.median < promised.median && wholeMs < promised.whole && most < promised.memory;
  } finally {
    board.kill('SIGTERM');
    await board.ended;
    const keys = await client.keys(`${prefix}*`);
    if (keys.length > 0) await client.unlink(...keys);
  }
}

async function untilComplete(url: string, tests: number): Promise<void> {
  for (;;) {
    const answer = await fetch(`${url}/api/tests?limit=1`);
    if (answer.ok && JSON.parse(await answer.text()).total === tests) return;
    await sleep(50);
  }
}

/** How long pages take, each query's first ones in turn, ms in ascending order. */
async function pageTimes(url: string, pages: number): Promise<number[]> {
  const times: number[] = [];
  for (const query of queries) {
    let cursor: string | null = '';
    for (let page = 0; page < pages && cursor !== null; page += 1) {
      const startedAt = performance.now();
      const path = `${url}/api/tests?${query}${cursor === '' ? '' : `&cursor=${cursor}`}`;
      const { next }: { next: string | null } = JSON.parse(await (await fetch(path)).text());
      times.push(performance.now() - startedAt);
      cursor = next;
    }
  }
  return times.sort((a, b) => a - b);
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

async function timed(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** Resident memory of a process, MB. */
function rss(pid: number | undefined): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
