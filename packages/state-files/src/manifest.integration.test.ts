import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Checkpoints } from '@inventory/checkpoints';
import { expect, inject, onTestFinished, test } from 'vitest';
import { addTests, checkpointsInUse } from '../../../test/support/checkpoints.ts';
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

test('the manifest has the run that ended last and what it changed, also where that left the files as they were', async () => {
  const stateDir = await folder();
  const checkpoints = await open();
  await addTests(checkpoints, 1);
  const manifest = async () => JSON.parse(await readFile(join(stateDir, 'manifest.json'), 'utf8'));
  const run = await checkpoints.runs.start('all');
  await checkpoints.runs.markListed(run.id);
  await write(checkpoints, stateDir);
  const { last_run, ...before } = await manifest();
  expect(last_run).toMatchObject({ id: run.id, finished_at: expect.any(String), requests: 0, changes: { new: 0 } });
  const next = await checkpoints.runs.start('all');
  await checkpoints.runs.markListed(next.id);
  await new StateDir({ stateDir, queuePrefix: checkpoints.prefix }).noteLastRun(checkpoints);
  expect(await manifest()).toEqual({ ...before, last_run: expect.objectContaining({ id: next.id }) });
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
