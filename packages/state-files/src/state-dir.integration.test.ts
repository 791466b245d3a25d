import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, inject, onTestFinished, test } from 'vitest';
import { addTests, checkpointsInUse } from '../../../test/support/checkpoints.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { StateDir } from './state-dir.ts';

async function written() {
  const path = await temporaryFolder(onTestFinished);
  const checkpoints = await checkpointsInUse(inject('redisUrl'), onTestFinished);
  await addTests(checkpoints, 12);
  const stateDir = new StateDir({ stateDir: path, queuePrefix: checkpoints.prefix });
  await stateDir.write(checkpoints);
  return { path, stateDir, checkpoints };
}

test('unchanged files are recognised, with their revision', async () => {
  const { stateDir, checkpoints } = await written();
  expect(await stateDir.asWritten()).toEqual({
    revision: await checkpoints.inventory.revision(),
    marks: await stateDir.marks(),
  });
});

test('files have no revision if something changed during their write, as Redis may lose the change', async () => {
  const { stateDir, checkpoints } = await written();
  await addTests(checkpoints, 20_000, { from: 12 });
  let isWriting = true;
  const writing = stateDir.write(checkpoints).finally(() => {
    isWriting = false;
  });
  for (let change = 0; isWriting; change += 1)
    await checkpoints.listing.saveWorkspaces([{ uuid: 'w', name: `Name ${change}` }]);
  expect((await writing).revision).toBeNull();
  expect(await stateDir.asWritten()).toMatchObject({ revision: null });
});

test('an empty or missing folder has no files as written', async () => {
  const folder = await temporaryFolder(onTestFinished);
  for (const stateDir of [folder, join(folder, 'not-there')])
    expect(await new StateDir({ stateDir, queuePrefix: '{p}' }).asWritten()).toBeNull();
});

test.each(['utz_tests.json', 'classicut_tests.json', 'errors.json'])(
  'a change of one byte in %s is noticed',
  async (name) => {
    const { path: folder, stateDir } = await written();
    const path = join(folder, name);
    await writeFile(path, (await readFile(path, 'utf8')).replace(/.$/, ' '));
    expect(await stateDir.asWritten()).toBeNull();
  },
);

test.each(['utz_tests.json', 'manifest.json'])('files without %s do not count as written', async (name) => {
  const { path, stateDir } = await written();
  await rm(join(path, name));
  expect(await stateDir.asWritten()).toBeNull();
});

test.each([
  ['another version', { schema_version: 0 }],
  ['an older version, without a revision', { revision: undefined }],
])('files of %s do not count as written', async (_what, change) => {
  const { path: folder, stateDir } = await written();
  const path = join(folder, 'manifest.json');
  const manifest = JSON.parse(await readFile(path, 'utf8'));
  await writeFile(path, JSON.stringify({ ...manifest, ...change }));
  expect(await stateDir.asWritten()).toBeNull();
});
