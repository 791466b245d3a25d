import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Checkpoints } from '@inventory/checkpoints';
import { expect, inject, onTestFinished, test } from 'vitest';
import { addTests, checkpointsInUse } from '../../../test/support/checkpoints-in-use.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { StateDir } from './state-dir.ts';

const open = () => checkpointsInUse(inject('redisUrl'), onTestFinished);
const folder = () => temporaryFolder(onTestFinished);
const write = (checkpoints: Checkpoints, stateDir: string) =>
  new StateDir({ stateDir, queuePrefix: checkpoints.prefix }).write(checkpoints);

test('the manifest has the prefix, the counts and the hashes of the files', async () => {
  const stateDir = await folder();
  const checkpoints = await open();
  await addTests(checkpoints, 60);
  await write(checkpoints, stateDir);
  const text = await readFile(join(stateDir, 'manifest.json'), 'utf8');
  const manifest = JSON.parse(text);
  const hashes = await Promise.all(
    ['utz_tests.json', 'classicut_tests.json', 'errors.json'].map(async (name) => [
      name,
      createHash('sha256')
        .update(await readFile(join(stateDir, name)))
        .digest('hex'),
    ]),
  );
  expect(manifest).toEqual({
    prefix: checkpoints.prefix,
    schema_version: 1,
    written_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    revision: await checkpoints.inventory.revision(),
    counts: { utz: 50, classicut: 10, errors: 0 },
    sha256: Object.fromEntries(hashes),
  });
  expect(text).toBe(JSON.stringify(manifest, null, 2));
});

test('a manifest of an older version, or one that is not JSON, is replaced', async () => {
  const checkpoints = await open();
  for (const text of [JSON.stringify({ prefix: checkpoints.prefix }), '{"pre', '[]']) {
    const stateDir = await folder();
    await writeFile(join(stateDir, 'manifest.json'), text);
    await write(checkpoints, stateDir);
    expect(JSON.parse(await readFile(join(stateDir, 'manifest.json'), 'utf8'))).toMatchObject({ schema_version: 1 });
  }
});
