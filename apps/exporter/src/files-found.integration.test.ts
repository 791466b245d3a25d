import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Checkpoints } from '@inventory/checkpoints';
import { expect, inject, onTestFinished, test } from 'vitest';
import { addTests, checkpointsInUse, empty } from '../../../test/support/checkpoints.ts';
import { readState } from '../../../test/support/read-state.ts';
import { recordedLogger } from '../../../test/support/recorded-logger.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { Exporter } from './exporter.ts';

/** A folder that an exporter has written, and stopped. */
async function folderWithFiles() {
  const checkpoints = await checkpointsInUse(inject('redisUrl'), onTestFinished);
  const stateDir = await temporaryFolder(onTestFinished);
  await addTests(checkpoints, 12);
  await startAndStop(checkpoints, stateDir);
  return { checkpoints, stateDir, before: await marks(stateDir) };
}

async function startAndStop(checkpoints: Checkpoints, stateDir: string): Promise<string> {
  const { logger, lines } = recordedLogger();
  const settings = { stateDir, queuePrefix: checkpoints.prefix, exportIntervalMs: 0 };
  const exporter = await Exporter.start({ checkpoints, settings, logger });
  await exporter.stop();
  expect(exporter.lastError).toBeNull();
  return lines.join('\n');
}

async function marks(stateDir: string): Promise<number[]> {
  const names = ['utz_tests.json', 'classicut_tests.json', 'errors.json', 'manifest.json'];
  return await Promise.all(names.map(async (name) => (await stat(join(stateDir, name))).ino));
}

async function known(stateDir: string): Promise<number> {
  const { utz, classic } = await readState(stateDir);
  return utz.length + classic.length;
}

test('a start leaves files alone that are unchanged and up to date', async () => {
  const { checkpoints, stateDir, before } = await folderWithFiles();
  await startAndStop(checkpoints, stateDir);
  expect(await marks(stateDir)).toEqual(before);
});

test('changes made while no exporter ran are written at the next start', async () => {
  const { checkpoints, stateDir } = await folderWithFiles();
  await addTests(checkpoints, 6, { from: 12 });
  await startAndStop(checkpoints, stateDir);
  expect(await known(stateDir)).toBe(18);
});

test('changes that replace lost ones of Redis are written at the next start', async () => {
  const { checkpoints, stateDir } = await folderWithFiles();
  const { client, prefix } = checkpoints;
  const kept = await client.get(`${prefix}:revision`);
  await addTests(checkpoints, 1, { from: 12, category: 'survey' });
  await startAndStop(checkpoints, stateDir);
  await client.set(`${prefix}:revision`, kept ?? '');
  await addTests(checkpoints, 1, { from: 13, category: 'survey' });
  await startAndStop(checkpoints, stateDir);
  expect(await known(stateDir)).toBe(14);
});

test('a file that somebody changed is written again, even if it is valid JSON', async () => {
  const { checkpoints, stateDir } = await folderWithFiles();
  await writeFile(join(stateDir, 'utz_tests.json'), '[]');
  await startAndStop(checkpoints, stateDir);
  expect(await known(stateDir)).toBe(12);
});

test('a truncated file is kept aside and written again', async () => {
  const { checkpoints, stateDir } = await folderWithFiles();
  const path = join(stateDir, 'utz_tests.json');
  await writeFile(path, (await readFile(path)).subarray(0, 100));
  expect(await startAndStop(checkpoints, stateDir)).toContain('utz_tests.json.corrupt-');
  expect(await known(stateDir)).toBe(12);
});

test('if Redis was emptied meanwhile, the files are imported and written again', async () => {
  const { checkpoints, stateDir, before } = await folderWithFiles();
  await empty(checkpoints.client, checkpoints.prefix);
  expect(await startAndStop(checkpoints, stateDir)).toContain('imported');
  expect(await known(stateDir)).toBe(12);
  expect(await marks(stateDir)).not.toEqual(before);
});
