import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Checkpoints } from '@inventory/checkpoints';
import { expect, inject, onTestFinished, test } from 'vitest';
import { addTests, checkpointsInUse, empty } from '../../../test/support/checkpoints-in-use.ts';
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

test('a start that finds its files as they were written, and nothing new, leaves them alone', async () => {
  const { checkpoints, stateDir, before } = await folderWithFiles();
  await startAndStop(checkpoints, stateDir);
  expect(await marks(stateDir)).toEqual(before);
});

test('what came while no exporter ran is written at the next start', async () => {
  const { checkpoints, stateDir } = await folderWithFiles();
  await addTests(checkpoints, 6, { from: 12 });
  await startAndStop(checkpoints, stateDir);
  expect(await known(stateDir)).toBe(18);
});

test('what came instead of writes that Redis has lost is written at the next start', async () => {
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

test('a file that was changed meanwhile is written anew, also one that is whole', async () => {
  const { checkpoints, stateDir } = await folderWithFiles();
  await writeFile(join(stateDir, 'utz_tests.json'), '[]');
  await startAndStop(checkpoints, stateDir);
  expect(await known(stateDir)).toBe(12);
});

test('a file that is cut off is kept aside and written anew', async () => {
  const { checkpoints, stateDir } = await folderWithFiles();
  const path = join(stateDir, 'utz_tests.json');
  await writeFile(path, (await readFile(path)).subarray(0, 100));
  expect(await startAndStop(checkpoints, stateDir)).toContain('utz_tests.json.corrupt-');
  expect(await known(stateDir)).toBe(12);
});

test('files of a Redis that was emptied meanwhile are imported, and then show the new one', async () => {
  const { checkpoints, stateDir, before } = await folderWithFiles();
  await empty(checkpoints.client, checkpoints.prefix);
  expect(await startAndStop(checkpoints, stateDir)).toContain('imported');
  expect(await known(stateDir)).toBe(12);
  expect(await marks(stateDir)).not.toEqual(before);
});
