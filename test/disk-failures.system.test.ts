import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { environmentWith } from '@inventory/config';
import { expect, it, type TestContext } from 'vitest';
import type { Ended } from './support/program.ts';
import { openSystemBench, type SystemBench } from './support/system-bench.ts';
import { mountTmpfs, remount } from './support/temporary-folder.ts';

const few = { seed: 14, tests: 8, workspaces: 2 };

/** An account whose files stand in a small file system of their own. */
async function benchOnDisk(size: string, { onTestFinished, skip }: TestContext): Promise<SystemBench> {
  const bench = await openSystemBench({ afterTest: onTestFinished, sandbox: { library: few } });
  await mkdir(bench.stateDir);
  if (!(await mountTmpfs(bench.stateDir, `size=${size}`, onTestFinished))) skip('no tmpfs can be mounted here');
  return bench;
}

function addTests({ sandbox }: SystemBench, count: number): void {
  const [workspace] = sandbox.library.workspaces();
  for (let added = 0; added < count; added += 1) {
    sandbox.library.addTest({ kind: 'think-out-loud', workspaces: [workspace?.uuid ?? ''] });
  }
}

/** Said in a sentence that names the folder; exit 1. */
function expectClear({ code, stderr, stdout }: Ended, words: RegExp): void {
  expect(code).toBe(1);
  expect(stderr).toMatch(words);
  expect(stderr).toContain('state');
  expect(stderr + stdout).not.toMatch(/\n\s+at |node:internal/);
}

it.concurrent('on a full disk the old files stay whole, the work goes on in Redis, and the exporter writes it when there is room', async (context) => {
  const bench = await benchOnDisk('32k', context);
  expect(await bench.start()).toEndWith({ code: 0 });
  const before = await bench.files();
  addTests(bench, 150);

  expectClear(await bench.start(), /disk is full/);
  expect(await bench.redis.hlen(`${bench.prefix}:open`)).toBe(0);
  const asked = bench.asked().length;
  // Files from before it was full: whole, and right as far as they go.
  const kept = await bench.files();
  expect(bench.expected().utz).toEqual(expect.arrayContaining([...kept.utz]));
  expect(kept.utz).toEqual(expect.arrayContaining([...before.utz]));
  expect(kept.utz.length).toBeLessThan(bench.expected().utz.length);
  expectClear(await bench.launch('exporter', ['--once']).ended, /disk is full/);
  expect(await bench.files()).toEqual(kept);

  await remount(bench.stateDir, 'size=4m');
  expect(await bench.launch('exporter', ['--once']).ended).toEndWith({ code: 0 });
  expect(await bench.files()).toEqual({ ...bench.expected(), errors: {} });
  expect(bench.asked()).toHaveLength(asked);
});

it.concurrent('a read-only STATE_DIR is said, the old files stay, the work goes on in Redis, and the next start writes it', async (context) => {
  const bench = await benchOnDisk('4m', context);
  expect(await bench.start()).toEndWith({ code: 0 });
  const before = await bench.files();
  addTests(bench, 5);
  await remount(bench.stateDir, 'ro');

  expectClear(await bench.start(), /No permission.*EROFS/);
  expect(await bench.files()).toEqual(before);
  expect(await bench.redis.hlen(`${bench.prefix}:open`)).toBe(0);

  await remount(bench.stateDir, 'rw');
  expect(await bench.start()).toEndWith({ code: 0 });
  expect(await bench.files()).toEqual({ ...bench.expected(), errors: {} });
});

it.concurrent('an exporter whose disk was full writes the files by itself when there is room, says both, and then exits with 0', async (context) => {
  const bench = await benchOnDisk('32k', context);
  addTests(bench, 150);
  const exporter = bench.launch('exporter', [], { LOG_LEVEL: 'info' });
  expect(await bench.start({ STATE_DIR: join(bench.settings['DATA_DIR'] ?? '', 'elsewhere') })).toEndWith({ code: 0 });
  await exporter.said(/disk is full/);
  await remount(bench.stateDir, 'size=4m');
  await exporter.said('the state files are written again');
  expect(await exporter.stop()).toEndWith({ code: 0 });
  expect(await bench.files()).toEqual({ ...bench.expected(), errors: {} });
});

it.concurrent('a settings file on a full disk stays as it is, and the run goes on with the token from Redis', async (context) => {
  const bench = await benchOnDisk('8k', context);
  // Each file takes a page of 4 KB: the old one fits, its replacement does not.
  const file = join(bench.stateDir, 'settings');
  const text = `# our account\nACCESS_TOKEN=\n${'# filler\n'.repeat(700)}`;
  await writeFile(file, text);
  const STATE_DIR = join(bench.settings['DATA_DIR'] ?? '', 'elsewhere');
  const ended = await bench.start({ ENV_FILE: file, STATE_DIR });
  expect(ended).toEndWith({ code: 0 });
  expect(ended.stderr).toContain('the new token could not be written to the settings file');
  expect(await readFile(file, 'utf8')).toBe(text);
});

it.concurrent('a run whose own output finds the disk full does all its work, says so, and exits with 1', async ({
  onTestFinished,
  skip,
}) => {
  const full = await open('/dev/full', 'w').catch(() => skip('there is no /dev/full here'));
  onTestFinished(() => full.close());
  const bench = await openSystemBench({ afterTest: onTestFinished, sandbox: { library: few } });
  const args = [join(import.meta.dirname, '../dist/program/main.js'), 'start', '--all'];
  const child = spawn(process.execPath, args, {
    env: environmentWith(bench.settings),
    stdio: ['ignore', full.fd, 'pipe'],
  });
  const ended = once(child, 'close');
  const stderr = child.stderr === null ? '' : await text(child.stderr);
  const [code] = await ended;
  expect(code).toBe(1);
  expect(stderr.match(/Output could not be written \(ENOSPC\)/g)).toHaveLength(1);
  expect(stderr).not.toMatch(/\n\s+at |node:internal/);
  expect(await bench.files()).toEqual({ ...bench.expected(), errors: {} });
});
