import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import { startBoard } from '@inventory/board';
import type { Checkpoints } from '@inventory/checkpoints';
import { ndjsonLines, readRows } from '@inventory/exports';
import { beforeEach, expect, inject, it, onTestFinished } from 'vitest';
import { checkpointsInUse } from './support/checkpoints.ts';
import { classifyAll, openCliAccount } from './support/open-test-account.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const uuid = (number: number): string => `0b6f3c1e-5f0a-4d5e-9a3b-${String(number).padStart(12, '0')}`;
const survey = { category: 'survey', rule: 'declared-STUDYV2-SURVEY', source: 'declared' } as const;
const classic = { category: 'ClassicUT', rule: 'declared-WEB', source: 'declared' } as const;

let checkpoints: Checkpoints;
let folder: string;

beforeEach(async () => {
  checkpoints = await checkpointsInUse(inject('redisUrl'), onTestFinished);
  folder = await temporaryFolder(onTestFinished);
});

/** Has tests listed; null for one that the listing does not declare. */
async function list(declared: readonly (typeof survey | typeof classic | null)[]): Promise<void> {
  const { id: run, joinedAt } = await checkpoints.runs.start('all');
  const listing = { title: 'Title, "quoted"', orderedAt: '2026-03-01T10:00:00Z' };
  const tests = declared.map((each, number) => ({ uuid: uuid(number), listing, declared: each }));
  await checkpoints.listing.savePage({ run, joinedAt, workspace: uuid(99), position: 0, probe: true, tests });
}

/** Exports the inventory and loads it with the example. @returns what the example prints */
async function load(): Promise<string> {
  let text = '';
  for await (const lines of ndjsonLines(readRows(checkpoints))) text += lines;
  const file = join(folder, 'tests.ndjson');
  await writeFile(file, text);
  const args = ['examples/load-warehouse.mjs', file, join(folder, 'inventory.duckdb')];
  return (await promisify(execFile)(process.execPath, args, { cwd: root })).stdout;
}

it('the warehouse example loads every test, and updates those that have changed', async () => {
  await list([survey, classic, null]);
  expect(await load()).toBe('ClassicUT: 1\nnot classified: 1\nsurvey: 1\n');
  await checkpoints.test.decide(uuid(2), { category: 'think-out-loud test', rule: 'has-transcript', source: 'probed' });
  expect(await load()).toBe('ClassicUT: 1\nsurvey: 1\nthink-out-loud test: 1\n');
  const database = await (await DuckDBInstance.create(join(folder, 'inventory.duckdb'))).connect();
  const rows = await database.runAndReadAll(
    'select test_uuid::varchar, test_type, title, ordered_at is null from tests order by 1',
  );
  expect(rows.getRows()).toEqual([
    [uuid(0), 'survey', 'Title, "quoted"', false],
    [uuid(1), null, 'Title, "quoted"', false],
    [uuid(2), 'think-out-loud test', 'Title, "quoted"', false],
  ]);
});

it('the example for models hands over the transcripts of new think-out-loud tests once, and leaves no trace of them', async () => {
  const kinds = ['survey', 'think-out-loud', 'classic'] as const;
  const tests = kinds.map((kind, number) => ({ kind, uuid: uuid(number), title: `A ${kind}`, sessions: 3 }));
  const account = await openCliAccount({
    sandbox: { library: { workspaces: [{ name: 'Studio' }], tests } },
    env: { BOARD_PORT: '0' },
  });
  await account.produceAll();
  await classifyAll(account);
  const board = await startBoard({ runtime: account.runtime });
  onTestFinished(() => board.stop());
  const env = {
    ACCESS_TOKEN: (await account.account.tokens.current()).accessToken,
    API_BASE_URL: account.sandbox.url,
    BOARD_URL: board.url,
    CURSOR_FILE: join(folder, 'cursor'),
    PAUSE_MS: '0',
  };
  const job = () => promisify(execFile)(process.execPath, ['examples/summarise-transcripts.mjs'], { cwd: root, env });
  // The sandbox limits nothing here; a 429 has to be waited for all the same.
  account.sandbox.faults.add({ kind: 'throttle', retryAfter: '1', endpoint: 'transcript', count: 1 });
  const { transcript } = account.requests();
  expect(await job()).toEqual({
    stdout: expect.stringMatching(/^A think-out-loud: 3 transcripts, \d+ words\n$/),
    stderr: '',
  });
  expect(account.requests()['transcript']).toBe(Number(transcript) + 4);
  expect(await job()).toEqual({ stdout: '', stderr: '' });
  expect(account.requests()['transcript']).toBe(Number(transcript) + 4);
  expect(await readdir(folder)).toEqual(['cursor']);
  expect(await readFile(env.CURSOR_FILE, 'utf8')).toMatch(/^\d+-\d+$/);
});
