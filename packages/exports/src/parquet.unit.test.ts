import { parquetReadObjects } from 'hyparquet';
import { expect, test } from 'vitest';
import { undecidedRow } from '../../../test/support/undecided-row.ts';
import { parquetBytes } from './parquet.ts';

test('a Parquet file has all rows, also of a library that is written in several groups', async () => {
  const row = (number: number) =>
    undecidedRow({
      test_uuid: `test ${number}`,
      title: number === 0 ? null : 'Büro \0 🎉',
      ordered_at: number === 0 ? null : '2026-03-01T10:00:00.123Z',
      listed: number > 0,
    });
  async function* portions() {
    for (let from = 0; from < 10_500; from += 1_500)
      yield Array.from({ length: 1_500 }, (_, index) => row(from + index));
  }
  const parts: Uint8Array[] = [];
  for await (const part of parquetBytes(portions())) parts.push(part);
  const { buffer } = new Uint8Array(Buffer.concat(parts));
  const read = await parquetReadObjects({ file: buffer });
  // As one text, because vitest takes its time for lists.
  const uuids = Array.from({ length: 10_500 }, (_, number) => `test ${number}`);
  expect(read.map(({ test_uuid }) => test_uuid).join()).toBe(uuids.join());
  const last = row(10_499);
  expect(read.at(-1)).toEqual({ ...last, ordered_at: new Date(last.ordered_at ?? '') });
  expect(read[0]).toEqual(row(0));
});
