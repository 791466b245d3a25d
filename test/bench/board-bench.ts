import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { Checkpoints } from '@inventory/checkpoints';
import { Keyspace } from '@inventory/redis';
import { listLargeLibrary } from '../support/list-large-library.ts';
import { startProcess } from '../support/program.ts';
import { timed, withPrefix } from './measure.ts';
import { number, type Part, printHead, printRow, seconds } from './part.ts';

/** What the board promises at 100,000 tests. Times in ms, memory in MB. */
const promised = { median: 50, whole: 5_000, memory: 200 };

const queries = [
  '',
  'sort=title',
  'sort=ordered_at&order=desc',
  'sort=workspace_name&platform=UTZ',
  'sort=classified_at&order=desc&category=survey',
  'sort=title&order=desc&q=test',
  'q=00',
  'sort=category&workspace=w3',
];
const rounds = 40;

/** The board as a process of its own: pages of the table, the whole library as NDJSON, and memory. */
export const boardBench: Part = async ({ client, dataDir, quick, wrong, missed }) => {
  const tests = quick ? 5_000 : 100_000;
  const { median, memory, wholeMs, lines } = await withPrefix(client, async (prefix) => {
    const checkpoints = await Checkpoints.open(new Keyspace(client, prefix));
    await checkpoints.import.ensureInUse(async () => undefined);
    await listLargeLibrary(checkpoints, tests);
    return await measure({ DATA_DIR: dataDir, QUEUE_PREFIX: prefix, BOARD_PORT: '0', LOG_LEVEL: 'warn' }, tests);
  });
  wrong(lines !== tests && `the board: ${lines} of ${tests} tests came as NDJSON`);
  missed(median >= promised.median && `the board: a page takes ${median.toFixed(0)} ms`);
  missed(wholeMs >= promised.whole && `the board: the whole library takes ${seconds(wholeMs)}`);
  missed(memory >= promised.memory && `the board: ${memory.toFixed(0)} MB`);
};

async function measure(settings: Readonly<Record<string, string>>, tests: number) {
  const board = startProcess('board', [], settings);
  try {
    await board.said(/The board is at \S+\n/);
    const url = /at (\S+)\n/.exec(board.stdout())?.[1] ?? '';
    const loadedMs = await timed(() => untilComplete(url, tests));
    const looks = [memoryOf(board.pid)];
    const first = await pageTimes(url, 1);
    const pages = await pageTimes(url, rounds);
    looks.push(memoryOf(board.pid));
    let lines = 0;
    const wholeMs = await timed(async () => {
      const bytes = Buffer.from(await (await fetch(`${url}/api/tests?format=ndjson`)).arrayBuffer());
      for (const byte of bytes) if (byte === 0x0a) lines += 1;
    });
    looks.push(memoryOf(board.pid));
    const [median, memory] = [at(pages, 0.5), Math.max(...looks)];
    const figures = {
      'read all tests': seconds(loadedMs),
      'page, median': `${median.toFixed(1)} ms`,
      'page, p99': `${at(pages, 0.99).toFixed(1)} ms`,
      'first page of an order': `${at(first, 1).toFixed(1)} ms`,
      'all as NDJSON': seconds(wholeMs),
      memory: `${memory.toFixed(0)} MB`,
    };
    printHead(`The board with ${number(tests)} tests`, Object.keys(figures));
    printRow(Object.values(figures));
    return { median, memory, wholeMs, lines };
  } finally {
    board.kill('SIGTERM');
    await board.ended;
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
      const path = `${url}/api/tests?${query}${cursor === '' ? '' : `&cursor=${cursor}`}`;
      times.push(
        await timed(async () => {
          ({ next: cursor } = JSON.parse(await (await fetch(path)).text()));
        }),
      );
    }
  }
  return times.sort((a, b) => a - b);
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

/** Resident memory of a process, MB. */
function memoryOf(pid: number): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024;
}
