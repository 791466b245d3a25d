import { rmSync, writeFileSync } from 'node:fs';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Checkpoints } from '@inventory/checkpoints';
import { expect, inject, onTestFinished, test } from 'vitest';
import { addTests, checkpointsInUse, empty } from '../../../test/support/checkpoints.ts';
import { readState } from '../../../test/support/read-state.ts';
import { recordedLogger } from '../../../test/support/recorded-logger.ts';
import { mountTmpfs, remount, temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { until } from '../../../test/support/until.ts';
import { Exporter } from './exporter.ts';

const open = (options = {}) => checkpointsInUse(inject('redisUrl'), onTestFinished, options);

async function start(checkpoints: Checkpoints, stateDir: string, exportIntervalMs = 100) {
  const { logger, lines } = recordedLogger();
  const settings = { stateDir, queuePrefix: checkpoints.prefix, exportIntervalMs };
  const exporter = await Exporter.start({ checkpoints, settings, logger, lookEveryMs: 50 });
  onTestFinished(() => exporter.stop());
  return { exporter, lines };
}

async function known(stateDir: string): Promise<number> {
  const state = await readState(stateDir).catch(() => ({ utz: [], classic: [] }));
  return state.utz.length + state.classic.length;
}

const folder = () => temporaryFolder(onTestFinished);

test('the files follow the checkpoints', async () => {
  const checkpoints = await open();
  const stateDir = join(await folder(), 'state');
  await start(checkpoints, stateDir);
  await until('the empty files are there', async () => (await readState(stateDir).catch(() => null)) !== null);
  await addTests(checkpoints, 30);
  await until('the tests are there', async () => (await known(stateDir)) === 30);
});

test('without changes nothing is written; with many changes, once per interval', async () => {
  const checkpoints = await open();
  const stateDir = await folder();
  await start(checkpoints, stateDir, 1000);
  const inode = async () => (await stat(join(stateDir, 'utz_tests.json')).catch(() => ({ ino: 0 }))).ino;
  await until('the first files are there', async () => (await inode()) !== 0);
  const first = await inode();
  await sleep(1500);
  expect(await inode()).toBe(first);
  const seen = new Set<number>();
  const end = Date.now() + 2500;
  for (let number = 0; Date.now() < end; number += 1) {
    await addTests(checkpoints, 1, { from: number });
    seen.add(await inode());
    await sleep(10);
  }
  expect(seen.size).toBeGreaterThanOrEqual(2);
  expect(seen.size).toBeLessThanOrEqual(4);
});

test('a flush writes at once, whatever the interval', async () => {
  const checkpoints = await open();
  const stateDir = await folder();
  const { exporter } = await start(checkpoints, stateDir, 3_600_000);
  await exporter.flush();
  await addTests(checkpoints, 12);
  await exporter.flush();
  expect(await known(stateDir)).toBe(12);
  await addTests(checkpoints, 12, { from: 12 });
  await exporter.stop();
  expect(await known(stateDir)).toBe(24);
  expect(exporter.lastError).toBeNull();
});

test('a flush restores files that somebody has changed', async () => {
  const checkpoints = await open();
  const stateDir = await folder();
  await addTests(checkpoints, 6);
  const { exporter } = await start(checkpoints, stateDir);
  await exporter.flush();
  await writeFile(join(stateDir, 'utz_tests.json'), '[]');
  await exporter.flush();
  expect(await known(stateDir)).toBe(6);
});

test('a removed file, or the whole folder, is written again at once', async () => {
  const checkpoints = await open();
  const stateDir = join(await folder(), 'state');
  await addTests(checkpoints, 6);
  const { exporter } = await start(checkpoints, stateDir, 3_600_000);
  await exporter.flush();
  await rm(join(stateDir, 'errors.json'));
  await until(
    'the file is back',
    async () => (await readFile(join(stateDir, 'errors.json'), 'utf8').catch(() => '')) === '{}',
  );
  await rm(stateDir, { recursive: true });
  await until('the folder is back', async () => (await known(stateDir)) === 6);
});

test('a failed write is tried again soon, however long the interval is', async () => {
  const checkpoints = await open();
  const stateDir = join(await folder(), 'state');
  await addTests(checkpoints, 6);
  const { exporter } = await start(checkpoints, stateDir, 3_600_000);
  await exporter.flush();
  // Without a turn of the exporter between the two.
  rmSync(stateDir, { recursive: true });
  writeFileSync(stateDir, 'in the way');
  await until('the failure is known', () => exporter.lastError !== null);
  await rm(stateDir);
  await until('the folder is back', async () => (await known(stateDir)) === 6);
});

test('an unusable file is kept aside at the start and written again', async () => {
  const checkpoints = await open();
  const stateDir = await folder();
  await addTests(checkpoints, 6);
  await writeFile(join(stateDir, 'utz_tests.json'), '[{"test_');
  const { exporter, lines } = await start(checkpoints, stateDir);
  await exporter.flush();
  expect(await known(stateDir)).toBe(6);
  expect(lines.join('\n')).toContain('utz_tests.json.corrupt-');
});

test('after Redis was emptied the files are imported first, and never lose tests', async () => {
  const checkpoints = await open();
  const stateDir = await folder();
  await addTests(checkpoints, 60);
  const { exporter, lines } = await start(checkpoints, stateDir);
  await exporter.flush();
  for (let round = 1; round <= 5; round += 1) {
    await empty(checkpoints.client, checkpoints.prefix);
    await sleep(40 * round);
    expect(await known(stateDir)).toBe(60);
  }
  await exporter.flush();
  expect(await known(stateDir)).toBe(60);
  expect((await checkpoints.inventory.totals()).tests).toBe(60);
  expect(lines.join('\n')).toContain('Redis was emptied; the state files');
});

test('the files do not lose tests either if another process fills the emptied Redis without them', async () => {
  const checkpoints = await open();
  const stateDir = await folder();
  await addTests(checkpoints, 60);
  const { exporter } = await start(checkpoints, stateDir);
  await exporter.flush();
  await empty(checkpoints.client, checkpoints.prefix);
  await checkpoints.import.ensureInUse(async () => undefined);
  await addTests(checkpoints, 6, { from: 1000 });
  await exporter.flush();
  expect(await known(stateDir)).toBe(66);
});

test('two exporters of one account on one folder end with exact files', async () => {
  const stateDir = await folder();
  const one = await open();
  const two = await open({ prefix: one.prefix });
  const exporters = await Promise.all([start(one, stateDir, 0), start(two, stateDir, 0)]);
  for (let number = 0; number < 20; number += 1) await addTests(one, 50, { from: 50 * number });
  await Promise.all(exporters.map(({ exporter }) => exporter.stop()));
  expect(await known(stateDir)).toBe(1000);
  expect(exporters.map(({ exporter }) => exporter.lastError)).toEqual([null, null]);
});

test('nothing is written behind its stop, when the connection may be closed', async () => {
  const checkpoints = await open();
  const stateDir = await folder();
  await addTests(checkpoints, 3);
  const { exporter } = await start(checkpoints, stateDir);
  await exporter.stop();
  await addTests(checkpoints, 1, { from: 3 });
  await exporter.flush();
  expect(await known(stateDir)).toBe(3);
});

test('the exporter does not start with the folder of another prefix', async () => {
  const stateDir = await folder();
  const { exporter } = await start(await open(), stateDir);
  await exporter.stop();
  await expect(start(await open(), stateDir)).rejects.toMatchObject({ name: 'StateDirError', trouble: 'foreign' });
});

test('a full disk is logged once, and the files are written as soon as there is space', async ({ skip }) => {
  const checkpoints = await open();
  const stateDir = await folder();
  if (!(await mountTmpfs(stateDir, 'size=64k', onTestFinished))) return skip('no tmpfs can be mounted here');
  await addTests(checkpoints, 30);
  const { exporter, lines } = await start(checkpoints, stateDir);
  await exporter.flush();
  await addTests(checkpoints, 1000, { from: 30 });
  await until('the failure is known', () => exporter.lastError !== null);
  await sleep(500);
  await exporter.flush();
  expect(exporter.lastError).toMatchObject({ name: 'StateDirError', trouble: 'full' });
  expect(lines.filter((line) => line.startsWith('The disk is full'))).toHaveLength(1);
  expect(await known(stateDir)).toBe(30);
  await remount(stateDir, 'size=8m');
  await until('the files are written', async () => (await known(stateDir)) === 1030);
  await exporter.stop();
  expect(exporter.lastError).toBeNull();
});
