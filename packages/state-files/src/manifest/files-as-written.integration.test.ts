import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, inject, onTestFinished, test } from 'vitest';
import { addTests, checkpointsInUse } from '../../../../test/support/checkpoints-in-use.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { until } from '../../../../test/support/until.ts';
import { fileMarks } from '../write/file-marks.ts';
import { writeStateFiles } from '../write/write-state-files.ts';
import { filesAsWritten } from './files-as-written.ts';

async function written() {
  const stateDir = await temporaryFolder(onTestFinished);
  const checkpoints = await checkpointsInUse(inject('redisUrl'), onTestFinished);
  await addTests(checkpoints, 12);
  await writeStateFiles({ checkpoints, stateDir });
  return { stateDir, checkpoints };
}

test('files as they were written are known with the revision that they show', async () => {
  const { stateDir, checkpoints } = await written();
  expect(await filesAsWritten(stateDir)).toEqual({
    revision: await checkpoints.inventory.revision(),
    marks: await fileMarks(stateDir),
  });
});

test('files during whose write something came show no revision: Redis may lose that', async () => {
  const { stateDir, checkpoints } = await written();
  await addTests(checkpoints, 20_000, { from: 12 });
  const writing = writeStateFiles({ checkpoints, stateDir });
  await until('a temporary file is there', async () => (await readdir(stateDir)).some((name) => name.endsWith('.tmp')));
  await addTests(checkpoints, 1, { from: 30_000 });
  expect((await writing).revision).toBeNull();
  expect(await filesAsWritten(stateDir)).toMatchObject({ revision: null });
});

test('an empty folder, or one that does not exist, has none', async () => {
  const stateDir = await temporaryFolder(onTestFinished);
  expect(await filesAsWritten(stateDir)).toBeNull();
  expect(await filesAsWritten(join(stateDir, 'not-there'))).toBeNull();
});

test.each(['utz_tests.json', 'classicut_tests.json', 'errors.json'])('%s changed by a byte is not', async (name) => {
  const { stateDir } = await written();
  const path = join(stateDir, name);
  await writeFile(path, (await readFile(path, 'utf8')).replace(/.$/, ' '));
  expect(await filesAsWritten(stateDir)).toBeNull();
});

test.each(['utz_tests.json', 'manifest.json'])('files without %s are not', async (name) => {
  const { stateDir } = await written();
  await rm(join(stateDir, name));
  expect(await filesAsWritten(stateDir)).toBeNull();
});

test.each([
  ['another version', { schema_version: 0 }],
  ['an older version, without a revision', { revision: undefined }],
])('files of %s are not', async (_what, change) => {
  const { stateDir } = await written();
  const path = join(stateDir, 'manifest.json');
  const manifest = JSON.parse(await readFile(path, 'utf8'));
  await writeFile(path, JSON.stringify({ ...manifest, ...change }));
  expect(await filesAsWritten(stateDir)).toBeNull();
});
