import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { Checkpoints } from '@inventory/checkpoints';
import { csvLines, ndjsonLines, readRows } from '@inventory/exports';
import { StateDir } from '@inventory/state-files';
import { beforeEach, expect, inject, it, onTestFinished } from 'vitest';
import { checkpointsInUse } from './support/checkpoints.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

let page: string;
let checkpoints: Checkpoints;
let folder: string;
let stateDir: string;

/** A survey, a ClassicUT test and one that failed, and their files. */
beforeEach(async () => {
  page = await readFile(new URL('../docs/files.md', import.meta.url), 'utf8');
  checkpoints = await checkpointsInUse(inject('redisUrl'), onTestFinished);
  folder = await temporaryFolder(onTestFinished);
  stateDir = join(folder, 'state');
  const { id: run, joinedAt } = await checkpoints.runs.start('all');
  const survey = { category: 'survey', rule: 'declared-STUDYV2-SURVEY', source: 'declared' } as const;
  const classic = { category: 'ClassicUT', rule: 'declared-WEB', source: 'declared' } as const;
  const listing = { title: 'Title', orderedAt: '2026-03-01T10:00:00Z' };
  const tests = [survey, classic, null].map((declared, number) => ({ uuid: `test-${number}`, listing, declared }));
  await checkpoints.listing.savePage({ run, joinedAt, workspace: 'w', position: 0, probe: true, tests });
  await checkpoints.test.fail('test-2', {
    status: 503,
    status_code: 503,
    type: 'unclassified_error',
    error: 'No.',
    body: null,
    attempts: 6,
  });
  await new StateDir({ stateDir, queuePrefix: checkpoints.prefix }).write(checkpoints);
});

const written = async (name: string) => JSON.parse(await readFile(join(stateDir, name), 'utf8'));

/** The n-th JSON example of the page. */
function example(number: number): unknown {
  const found = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text = '']) => JSON.parse(text));
  return found[number];
}

/** The names in the first column of the table under a heading. */
function namesUnder(heading: string): string[] {
  const [, section = ''] = page.split(`\n## ${heading}\n`);
  const [own = ''] = section.split('\n## ');
  return [...own.matchAll(/^\| (`[^|]*?) *\|/gm)].flatMap(([, cell = '']) => cell.replaceAll('`', '').split(', '));
}

it('the examples of the state files have the keys that are written, in their order', async () => {
  const keys = (list: unknown): string[] => Object.keys((list as object[])[0] ?? {});
  const records = (all: unknown): string[] => Object.keys(Object.values(all as Record<string, object>)[0] ?? {});
  expect(keys(example(0))).toEqual(keys(await written('utz_tests.json')));
  expect(keys(example(0)).slice(0, 3)).toEqual(keys(await written('classicut_tests.json')));
  expect(records(example(1))).toEqual(records(await written('errors.json')));
  expect(namesUnder('State files')).toEqual(records(example(1)));
});

it('the table of the manifest has every key of it', async () => {
  // No run has ended here, and all verdicts are final.
  const names = namesUnder('The manifest').filter((name) => !['last_run', 'not_final'].includes(name));
  expect(names).toEqual(Object.keys(await written('manifest.json')));
});

it('the table of columns has every column', async () => {
  const header = await csvLines([]).next();
  expect(namesUnder('The table')).toEqual(String(header.value).trim().split(','));
});

it('DuckDB answers the queries of the page', async () => {
  await save('tests.csv', csvLines(readRows(checkpoints)));
  await save('tests.ndjson', ndjsonLines(readRows(checkpoints)));
  const [, sql = ''] = /```sql\n([\s\S]*?)```/.exec(page) ?? [];
  const queries = sql
    .replaceAll(/'(state|tests)/g, `'${folder}/$1`)
    .trim()
    .split('\n');
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  onTestFinished(() => connection.closeSync());
  const answers = [];
  for (const query of queries) answers.push((await connection.runAndReadAll(query)).getRowsJson());
  expect(answers).toEqual([
    [['survey', '1']],
    expect.arrayContaining([
      ['Unknown', 'survey', '1'],
      ['Unknown', 'ClassicUT', '1'],
      ['Unknown', null, '1'],
    ]),
    [[expect.stringContaining('2026-03-01'), '3']],
  ]);
});

async function save(name: string, texts: AsyncIterable<string>): Promise<void> {
  let all = '';
  for await (const text of texts) all += text;
  await writeFile(join(folder, name), all);
}
