import { expect, inject, onTestFinished, test } from 'vitest';
import { addTests, checkpointsInUse, testUuid } from '../../../test/support/checkpoints.ts';
import { type ExportRow, readRows } from './row.ts';

test('every test is a row, in the order of the UUIDs, with the error that is recorded for it', async () => {
  const checkpoints = await checkpointsInUse(inject('redisUrl'), onTestFinished);
  await addTests(checkpoints, 2500);
  const { joinedAt, id: run } = await checkpoints.runs.start('all');
  const undecided = { uuid: testUuid(9999), listing: { title: 'No verdict' }, declared: null };
  await checkpoints.listing.savePage({ run, joinedAt, workspace: 'w0', position: 0, probe: true, tests: [undecided] });
  const failure = { status: 500, status_code: 500, type: 'unclassified_error', error: 'down', attempts: 6 } as const;
  await checkpoints.test.fail(testUuid(9999), { ...failure, body: null });

  const rows: ExportRow[] = [];
  for await (const portion of readRows(checkpoints)) rows.push(...portion);
  expect(rows.map(({ test_uuid: uuid }) => uuid)).toEqual(
    [...Array.from({ length: 2500 }, (_, number) => number), 9999].map(testUuid),
  );
  expect(rows.at(-1)).toMatchObject({ title: 'No verdict', category: null, error: 'unclassified_error', listed: true });
  expect(rows[0]).toMatchObject({
    workspace_name: 'Büro 0',
    category: 'interaction test',
    source: 'imported',
    error: null,
  });
});
