import { execFileSync } from 'node:child_process';
import { numberText } from '@inventory/status/words';
import { listLargeLibrary } from '../support/list-large-library.ts';
import { startProcess } from '../support/program.ts';
import { until } from '../support/until.ts';
import { linesIn, type Part, quantile, seconds, table, timed } from './part.ts';

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
export const board: Part = async ({ quick, open, wrong, missed }) => {
  const tests = quick ? 5_000 : 100_000;
  const { checkpoints, settings } = await open();
  await checkpoints.import.ensureInUse(async () => undefined);
  await listLargeLibrary(checkpoints, tests);
  const program = startProcess('board', [], { ...settings, BOARD_PORT: '0', LOG_LEVEL: 'warn' });
  await program.said(/The board is at \S+\n/);
  const url = `${/at (\S+)\n/.exec(program.stdout())?.[1]}/api/tests`;
  const ask = async (query: string) => JSON.parse(await (await fetch(`${url}?${query}`)).text());
  const isRead = async () => (await ask('limit=1')).total === tests;
  const loadedMs = await timed(() => until('all tests are read', isRead, 60_000));
  const looks = [memoryOf(program.pid)];
  const first = await pageTimes(ask, 1);
  const pages = await pageTimes(ask, rounds);
  looks.push(memoryOf(program.pid));
  const startedAt = performance.now();
  const lines = linesIn(new Uint8Array(await (await fetch(`${url}?format=ndjson`)).arrayBuffer()));
  const wholeMs = performance.now() - startedAt;
  looks.push(memoryOf(program.pid));
  await program.stop();
  const [median, memory] = [quantile(pages, 0.5), Math.max(...looks)];
  const figures = {
    'read all tests': seconds(loadedMs),
    'page, median': `${median.toFixed(1)} ms`,
    'page, p99': `${quantile(pages, 0.99).toFixed(1)} ms`,
    'first page of an order': `${quantile(first, 1).toFixed(1)} ms`,
    'all as NDJSON': seconds(wholeMs),
    memory: `${memory.toFixed(0)} MB`,
  };
  table(`The board with ${numberText(tests)} tests`, Object.keys(figures))(...Object.values(figures));
  wrong(lines !== tests && `the board: ${lines} of ${tests} tests came as NDJSON`);
  missed(median >= promised.median && `the board: a page takes ${median.toFixed(0)} ms`);
  missed(wholeMs >= promised.whole && `the board: the whole library takes ${seconds(wholeMs)}`);
  missed(memory >= promised.memory && `the board: ${memory.toFixed(0)} MB`);
};

/** How long pages take, each query's first ones in turn, ms. */
async function pageTimes(ask: (query: string) => Promise<{ next: string | null }>, pages: number): Promise<number[]> {
  const times: number[] = [];
  for (const query of queries) {
    let cursor: string | null = '';
    for (let page = 0; page < pages && cursor !== null; page += 1) {
      const startedAt = performance.now();
      cursor = (await ask(cursor === '' ? query : `${query}&cursor=${cursor}`)).next;
      times.push(performance.now() - startedAt);
    }
  }
  return times;
}

/** Resident memory of a process, MB. */
function memoryOf(pid: number): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024;
}
