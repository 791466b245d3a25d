import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exportColumns } from '@inventory/exports';
import { expect, inject, it, onTestFinished } from 'vitest';
import { addTests, checkpointsInUse, testUuid } from './support/checkpoints.ts';
import { query } from './support/duckdb.ts';
import { runExporter } from './support/exporter-process.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const pageOf = (name: string) => readFile(new URL(`../docs/warehouse/${name}.md`, import.meta.url), 'utf8');

const pages = await Promise.all(['parquet', 'bigquery', 'snowflake', 'dlt'].map(pageOf));

/** A statement of a page for DuckDB: on the table that the page gives another name, and in this folder. */
const sqlOf = (page: string, start: string): string =>
  [...page.matchAll(/^([a-z][^;`]*);/gm)].map(([, sql = '']) => sql).find((sql) => sql.startsWith(start)) ?? '';

it('the exports of the pages write files that DuckDB reads', async () => {
  const found = pages.map((page) => [...page.matchAll(/^npm run exporter -- (--format \S+ --out) (\S+)/gm)]);
  expect(found.every((each) => each.length > 0)).toBe(true);
  const exports = new Map(found.flat().map(([, args = '', out = '']) => [out, args]));
  const checkpoints = await checkpointsInUse(inject('redisUrl'), onTestFinished);
  const { folder, settings } = await home(checkpoints.prefix);
  await addTests(checkpoints, 6);
  for (const [out, args] of exports) {
    expect((await runExporter([...args.split(' '), join(folder, out)], settings).ended).code).toBe(0);
    const isFolder = out.endsWith('/');
    const files = join(folder, out, isFolder ? '*.parquet' : '');
    const columns = (await query(`describe select * from '${files}'`)).map(({ column_name }) => column_name);
    expect(columns).toEqual([...exportColumns.map(({ name }) => name), ...(isFolder ? ['revision', 'deleted'] : [])]);
    expect(await query(`select count(*)::int as tests from '${files}'`)).toEqual([{ tests: 6 }]);
  }
});

async function home(prefix: string) {
  const folder = await temporaryFolder(onTestFinished);
  const settings = { REDIS_URL: inject('redisUrl'), QUEUE_PREFIX: prefix, STATE_DIR: folder, DATA_DIR: folder };
  return { folder, settings };
}

it('the query of the Parquet page, and the table and the view of the Snowflake page, give the latest row of each test', async () => {
  const checkpoints = await checkpointsInUse(inject('redisUrl'), onTestFinished);
  const { folder, settings } = await home(checkpoints.prefix);
  const increment = () => runExporter(['--format', 'parquet', '--out', join(folder, 'increments/')], settings).ended;
  await addTests(checkpoints, 3);
  await increment();
  await checkpoints.known.forget([testUuid(1)]);
  await increment();
  const expected = [testUuid(0), testUuid(2)].map((test_uuid) => ({ test_uuid }));

  const select = sqlOf(await pageOf('parquet'), 'select').replace("'increments/", `'${folder}/increments/`);
  expect(await query(`select test_uuid from (${select}) order by 1`)).toEqual(expected);

  const snowflake = await pageOf('snowflake');
  const [table, view] = ['create table', 'create or replace view'].map((start) => sqlOf(snowflake, start));
  const types = (sql = '') => sql.replaceAll('timestamp_ntz', 'timestamp').replaceAll('number(38)', 'bigint');
  const load = `insert into usertesting_increments by name select * from '${folder}/increments/*.parquet'`;
  const statements = [types(table), load, view, 'select test_uuid from usertesting_tests order by 1'];
  expect(await query(statements.join(';'))).toEqual(expected);
});
