import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { mountTmpfs } from '../../../../test/support/temporary-folder.ts';
import { until } from '../../../../test/support/until.ts';
import { startAttachedProcess, temporaryFolder } from '../../testing/data-folder.ts';
import { type LockTurn, withProcessLock } from './process-lock.ts';

function lock<Result>(folder: string, work: (turn: LockTurn) => Promise<Result>, patienceMs = 10_000): Promise<Result> {
  return withProcessLock({ folder, patienceMs, onWait: () => undefined }, work);
}

test('at most one has the lock, however many want it at once', async () => {
  const folder = join(await temporaryFolder(onTestFinished), 'lock');
  let inside = 0;
  let most = 0;
  const turn = (): Promise<void> =>
    lock(folder, async () => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise(setImmediate);
      inside -= 1;
    });
  await Promise.all(Array.from({ length: 40 }, turn));
  expect(most).toBe(1);
  expect(await readdir(folder)).toHaveLength(1);
});

test('work that fails gives the lock back', async () => {
  const folder = await temporaryFolder(onTestFinished);
  await expect(lock(folder, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(await lock(folder, async ({ inherited }) => inherited)).toBe(false);
});

test('a holder that was killed is succeeded by exactly one of those who wait', async () => {
  const folder = await temporaryFolder(onTestFinished);
  const killed = startAttachedProcess('lock', folder);
  await killed.opened;
  const turns: boolean[] = [];
  const waiting = Array.from({ length: 8 }, () => lock(folder, async ({ inherited }) => turns.push(inherited)));
  await killed.kill('SIGKILL');
  await Promise.all(waiting);
  expect(turns).toEqual([true, ...Array.from({ length: 7 }, () => false)]);
});

test('a living holder is waited for, and named when it takes too long', async () => {
  const folder = await temporaryFolder(onTestFinished);
  const holder = startAttachedProcess('lock', folder);
  await holder.opened;
  await expect(lock(folder, async () => 'in', 100)).rejects.toMatchObject({
    name: 'RedisStartError',
    message: expect.stringContaining(`kill ${holder.pid}`),
  });
  const later = lock(folder, async () => 'in');
  await holder.leave();
  expect(await later).toBe('in');
});

test('a process with the number of a dead holder does not count as the holder', async () => {
  const folder = join(await temporaryFolder(onTestFinished), 'lock');
  await mkdir(folder);
  await symlink(JSON.stringify({ pid: process.pid, startedAt: 'another start' }), join(folder, '7'));
  expect(await lock(folder, async ({ inherited }) => inherited)).toBe(true);
  await until('the next turn is noted', async () => (await readdir(folder)).includes('8'));
});

test('the lock of an earlier version, a file per turn, is continued', async () => {
  const folder = join(await temporaryFolder(onTestFinished), 'lock');
  await mkdir(folder);
  await writeFile(join(folder, '7'), '');
  await lock(folder, async () => undefined);
  expect(await readdir(folder)).toEqual(['8']);
});

test('on a full disk the lock is released as well', async ({ skip }) => {
  const folder = await temporaryFolder(onTestFinished);
  if (!(await mountTmpfs(folder, 'size=64k', onTestFinished))) return skip('no tmpfs can be mounted here');
  await expect(writeFile(join(folder, 'much'), Buffer.alloc(1_000_000))).rejects.toThrow('ENOSPC');
  await lock(join(folder, 'lock'), async () => undefined);
  expect(await lock(join(folder, 'lock'), async ({ inherited }) => inherited, 100)).toBe(false);
});
