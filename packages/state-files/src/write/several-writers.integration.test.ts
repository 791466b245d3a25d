import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { expect, inject, onTestFinished, test } from 'vitest';
import { addTests, checkpointsInUse } from '../../../../test/support/checkpoints-in-use.ts';
import { readState } from '../../../../test/support/read-state.ts';
import { spawnWriteProcess } from '../../../../test/support/spawn-write-process.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { until } from '../../../../test/support/until.ts';
import { writeStateFiles } from './write-state-files.ts';

const open = () => checkpointsInUse(inject('redisUrl'), onTestFinished);
const folder = () => temporaryFolder(onTestFinished);

test('of several writers none ever puts older files in the place of newer ones', async () => {
  const stateDir = await folder();
  const checkpoints = await open();
  await addTests(checkpoints, 3000, { category: 'survey' });
  await writeStateFiles({ checkpoints, stateDir });
  const args = [inject('redisUrl'), checkpoints.prefix, stateDir, '15'];
  const writers = [spawnWriteProcess(args), spawnWriteProcess(args)];
  const ended = Promise.all(writers.map((writer) => once(writer, 'exit')));
  let working = true;
  const done = ended.then((codes) => {
    working = false;
    return codes.map(([code]) => code);
  });
  for (let from = 3000, known = 0; working; from += 1) {
    await addTests(checkpoints, 1, { from, category: 'survey' });
    const { utz } = await readState(stateDir);
    expect(utz.length).toBeGreaterThanOrEqual(known);
    known = utz.length;
  }
  expect(await done).toEqual([0, 0]);
});

test('a writer waits for another one, and for one that died no longer than its lock lasts', async () => {
  const stateDir = await folder();
  const checkpoints = await open();
  await checkpoints.client.set(`${checkpoints.prefix}:exporting`, 'a dead process', 'PX', 500);
  const writing = writeStateFiles({ checkpoints, stateDir });
  await until('the folder is claimed', async () => (await readdir(stateDir)).includes('manifest.json'));
  await addTests(checkpoints, 6);
  expect((await writing).counts).toEqual({ utz: 5, classic: 1, errors: 0 });
});

test('a writer that lost its lock on the way replaces nothing and begins again', async () => {
  const stateDir = await folder();
  const checkpoints = await open();
  await addTests(checkpoints, 20_000, { category: 'survey' });
  const writing = writeStateFiles({ checkpoints, stateDir });
  await until('a temporary file is there', async () => (await readdir(stateDir)).some((name) => name.endsWith('.tmp')));
  await checkpoints.client.set(`${checkpoints.prefix}:exporting`, 'somebody else', 'PX', 1_000);
  await addTests(checkpoints, 1, { from: 30_000, category: 'survey' });
  expect((await writing).counts.utz).toBe(20_001);
});
