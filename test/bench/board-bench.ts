import { execFileSync } from 'node:child_process';
import { Checkpoints } from '@inventory/checkpoints';
import { Keyspace } from '@inventory/redis';
import { listLargeLibrary } from '../support/list-large-library.ts';
import { startProcess } from '../support/program.ts';
import { until } from '../support/until.ts';
import { freshPrefix, linesIn, timed } from './measure.ts';
import { number, type Part, seconds, table } from './part.ts';

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
  const prefix = await freshPrefix(client);
  const checkpoints = await Checkpoints.open(new Keyspace(client, prefix));
  await checkpoints.import.ensureInUse(async () => undefined);
  await listLargeLibrary(checkpoints, tests);
  const settings = { DATA_DIR: dataDir, QUEUE_PREFIX: prefix, BOARD_PORT: '0', LOG_LEVEL: 'warn' };
  const board = startProcess('board', [], settings);
  await board.said(/The board is at \S+\n/);
  const url = /at (\S+)\n/.exec(board.stdout())?.[1] ?? '';
  const total = async () => JSON.parse(await (await fetch(`${url}/api/tests?limit=1`)).text()).total;
  const loadedMs = await timed(() => until('all tests are read', async () => (await total()) === tests, 60_000));
  const looks = [memoryOf(board.pid)];
  const first = await pageTimes(url, 1);
  const pages = await pageTimes(url, rounds);
  looks.push(memoryOf(board.pid));
  const startedAt = performance.now();
  const lines = linesIn(new Uint8Array(await (await fetch(`${url}/api/tests?format=ndjson`)).arrayBuffer()));
  const wholeMs = performance.now() - startedAt;
  looks.push(memoryOf(board.pid));
  board.kill('SIGTERM');
  await board.ended;
  const [median, memory] = [at(pages, 0.5), Math.max(...looks)];
  const figures = {
    'read all tests': seconds(loadedMs),
    'page, median': `${median.toFixed(1)} ms`,
    'page, p99': `${at(pages, 0.99).toFixed(1)} ms`,
    'first page of an order': `${at(first, 1).toFixed(1)} ms`,
    'all as NDJSON': seconds(wholeMs),
    memory: `${memory.toFixed(0)} MB`,
  };
  table(`The board with ${number(tests)} tests`, Object.keys(figures))(...Object.values(figures));
  wrong(lines !== tests && `the board: ${lines} of ${tests} tests came as NDJSON`);
  missed(median >= promised.median && `the board: a page takes ${median.toFixed(0)} ms`);
  missed(wholeMs >= promised.whole && `the board: the whole library takes ${seconds(wholeMs)}`);
  missed(memory >= promised.memory && `the board: ${memory.toFixed(0)} MB`);
};

/** How long pages take, each query's first ones in turn, ms in ascending order. */
async function pageTimes(url: string, pages: number): Promise<number[]> {
  const times: number[] = [];
  for (const query of queries) {
    let cursor: string | null = '';
    for (let page = 0; page < pages && cursor !== null; page += 1) {
      const path: string = `${url}/api/tests?${query}${cursor === '' ? '' : `&cursor=${cursor}`}`;
      const startedAt = performance.now();
      cursor = JSON.parse(await (await fetch(path)).text()).next;
      times.push(performance.now() - startedAt);
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
