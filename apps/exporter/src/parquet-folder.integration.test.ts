import { readdir, utimes, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Checkpoints } from '@inventory/checkpoints';
import { readRows } from '@inventory/exports';
import { beforeEach, describe, expect, inject, it, onTestFinished } from 'vitest';
import { addTests, checkpointsInUse, empty, testUuid } from '../../../test/support/checkpoints.ts';
import { query } from '../../../test/support/duckdb.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { exportIncrement } from './parquet-folder.ts';

let checkpoints: Checkpoints;
let folder: string;

beforeEach(async () => {
  checkpoints = await checkpointsInUse(inject('redisUrl'), onTestFinished);
  folder = join(await temporaryFolder(onTestFinished), 'increments');
});

const exported = (from = checkpoints): Promise<string> =>
  exportIncrement({ checkpoints: from, fill: async () => false }, folder, new AbortController().signal);

/** The tests by the query that docs/warehouse/parquet.md has. */
const current = () =>
  query(
    `select test_uuid, title, category, epoch_ms(classified_at) as at, listed from '${folder}/*.parquet'
     qualify row_number() over (partition by test_uuid order by revision desc) = 1 and not deleted order by test_uuid`,
  );

async function inventory(): Promise<object[]> {
  const rows: object[] = [];
  for await (const portion of readRows(checkpoints)) {
    for (const { test_uuid, title, category, classified_at, listed } of portion) {
      rows.push({ test_uuid, title, category, at: classified_at && String(Date.parse(classified_at)), listed });
    }
  }
  return rows;
}

describe('exporter --format parquet --out FOLDER', () => {
  it('adds a file with what has changed since the last one; DuckDB reads all of them as the inventory', async () => {
    await addTests(checkpoints, 2_500);
    expect(await exported()).toMatch(/increments\/tests-\d{16}\.parquet \(2500 new or changed, 0 removed\)$/);
    expect(await current()).toEqual(await inventory());
    expect(await exported()).toMatch(/increments \(nothing has changed\)$/);

    await addTests(checkpoints, 1, { from: 2_500 });
    await checkpoints.known.forget([testUuid(3), testUuid(2_400)]);
    expect(await exported()).toContain('(1 new or changed, 2 removed)');
    expect(await current()).toEqual(await inventory());

    await addTests(checkpoints, 1, { from: 3, category: 'ClassicUT' });
    expect(await exported()).toContain('(1 new or changed, 0 removed)');
    expect(await current()).toEqual(await inventory());
    expect(await readdir(folder)).toHaveLength(3);
  });

  it('tests of another account, and a Redis that has none of them, do not replace the ones in the folder; what a killed export left is removed', async () => {
    await addTests(checkpoints, 3);
    await exported();
    const other = await checkpointsInUse(inject('redisUrl'), onTestFinished);
    await expect(exported(other)).rejects.toThrow(/of another account \(QUEUE_PREFIX \{/);
    await empty(checkpoints.client, checkpoints.prefix);
    await checkpoints.import.ensureInUse(async () => undefined);
    await expect(exported()).rejects.toThrow('None of the 3 tests in the folder is in Redis: nothing was written');
    await addTests(checkpoints, 3);
    await exported();
    await checkpoints.known.forgetAll();
    const killed = join(
      folder,
      '.tests-0000000000000001.parquet.00000000-1-1-00000000-0000-4000-8000-000000000000.tmp',
    );
    await writeFile(killed, 'half of a file');
    await utimes(killed, 0, 0);
    expect(await exported()).toContain('(0 new or changed, 3 removed)');
    expect(await readdir(folder)).not.toContain(basename(killed));
    expect(await current()).toEqual([]);
  });

  it('a file that is not ours is named, and left alone', async () => {
    await addTests(checkpoints, 1);
    await exported();
    const foreign = join(folder, 'tests-9999999999999999.parquet');
    await writeFile(foreign, 'no parquet');
    await expect(exported()).rejects.toThrow(`${foreign} is not a file that this program has written`);
  });
});
