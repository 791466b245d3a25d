import { afterEach, beforeEach, expect, it } from 'vitest';
import { allErrors } from '../../../test/support/all-errors.ts';
import { openTestCheckpoints, type TestCheckpoints } from '../../../test/support/open-test-checkpoints.ts';
import { redisContents } from '../../../test/support/redis-contents.ts';
import { keysOf } from './keys.ts';
import type { Failure } from './records.ts';

const failure: Failure = {
  status: 500,
  status_code: 500,
  type: 'workspace_detail_http_error',
  error: 'x',
  body: null,
  attempts: 1,
};

let bench: TestCheckpoints;
beforeEach(async () => {
  bench = await openTestCheckpoints();
});
afterEach(() => bench[Symbol.asyncDispose]());

const listing = () => bench.checkpoints.listing;

it('a cursor is for its run only, and only as long as it is young', async () => {
  await listing().saveCursor('w', 'run-1', 'Mw');
  expect(await listing().cursor('w', 'run-1', 3_600_000)).toBe('Mw');
  expect(await listing().cursor('w', 'run-2', 3_600_000)).toBeNull();
  expect(await listing().cursor('other', 'run-1', 3_600_000)).toBeNull();
  const old = { run: 'run-1', cursor: 'Mw', at: Date.now() - 3_600_001 };
  await bench.client.hset(keysOf(bench.prefix).cursors, 'w', JSON.stringify(old));
  expect(await listing().cursor('w', 'run-1', 3_600_000)).toBeNull();
});

it('the end of a listing drops the cursor, ends its error, and says which run listed all of it', async () => {
  const run = await bench.checkpoints.runs.start('all');
  await listing().saveWorkspaces([{ uuid: 'w', name: 'W' }]);
  await listing().saveCursor('w', run.id, 'Mw');
  await listing().failWorkspace('w', failure);
  expect((await allErrors(bench.checkpoints)).map(([key]) => key)).toEqual(['workspace:w']);
  await listing().finishWorkspace('w', run.id);
  const before = await redisContents(bench.client, bench.prefix);
  await listing().finishWorkspace('w', run.id);
  expect(await redisContents(bench.client, bench.prefix)).toEqual(before);
  expect(await listing().cursor('w', run.id, 3_600_000)).toBeNull();
  expect(await allErrors(bench.checkpoints)).toEqual([]);
  expect((await listing().workspaces()).get('w')?.listedAt).toBe(Number(run.id));
});
