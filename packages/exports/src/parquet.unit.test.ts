import { parquetReadObjects } from 'hyparquet';
import { expect, test } from 'vitest';
import { parquetBytes } from './parquet.ts';
import type { ExportRow } from './row.ts';

test('a Parquet file has all rows, also of a library that is written in several groups', async () => {
  const row = (number: number): ExportRow => ({
    test_uuid: `test ${number}`,
    title: number === 0 ? null : 'Büro \0 🎉',
    workspace_uuid: 'w',
    workspace_name: 'W',
    ordered_at: number === 0 ? null : '2026-03-01T10:00:00.123Z',
    platform: null,
    test_type: null,
    category: null,
    source: null,
    rule: null,
    classified_at: null,
    error: null,
    listed: number > 0,
    certainty: null,
  });
  async function* portions() {
    for (let from = 0; from < 10_500; from += 1_500)
      yield Array.from({ length: 1_500 }, (_, index) => row(from + index));
  }
  const parts: Uint8Array[] = [];
  for await (const part of parquetBytes(portions())) parts.push(part);
  const { buffer } = new Uint8Array(Buffer.concat(parts));
  const read = await parquetReadObjects({ file: buffer });
  expect(read.map(({ test_uuid }) => test_uuid)).toEqual(
    Array.from({ length: 10_500 }, (_, number) => `test ${number}`),
  );
  const last = row(10_499);
  expect(read.at(-1)).toEqual({ ...last, ordered_at: new Date(last.ordered_at ?? '') });
  expect(read[0]).toEqual(row(0));
});
