import { chmod, chown, mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../testing/data-folder.ts';
import { chooseSocketPath, preparePrivateFolder } from './data-folder.ts';

const long = `/data/${'x'.repeat(100)}`;

test('a path of up to 100 bytes is used as it is', async () => {
  const folder = `/${'x'.repeat(88)}`;
  expect(await chooseSocketPath(folder)).toBe(`${folder}/redis.sock`);
});

test('a longer one moves to a private folder of the temp directory, the same one every time', async () => {
  const temp = await temporaryFolder(onTestFinished);
  const path = await chooseSocketPath(long, temp);
  expect(path.startsWith(temp)).toBe(true);
  expect((await stat(dirname(path))).mode & 0o777).toBe(0o700);
  expect(await chooseSocketPath(long, temp)).toBe(path);
  expect(await chooseSocketPath(`${long}y`, temp)).not.toBe(path);
});

test('bytes count, not letters', async () => {
  const temp = await temporaryFolder(onTestFinished);
  expect((await chooseSocketPath(`/${'ü'.repeat(60)}`, temp)).startsWith(temp)).toBe(true);
});

test('a folder of the temp directory that others can enter is refused', async () => {
  const temp = await temporaryFolder(onTestFinished);
  await chmod(dirname(await chooseSocketPath(long, temp)), 0o755);
  await expect(chooseSocketPath(long, temp)).rejects.toMatchObject({ name: 'DataDirError' });
});

test('a temp directory that is too long as well is refused', async () => {
  const temp = join(await temporaryFolder(onTestFinished), 'y'.repeat(80));
  await mkdir(temp);
  await expect(chooseSocketPath(long, temp)).rejects.toThrow('too long');
});

test.skipIf(process.getuid?.() !== 0)(
  'the Redis in a data folder of another user is not used, nor its folder changed (as root; skipped elsewhere)',
  async () => {
    const folder = join(await temporaryFolder(onTestFinished), 'redis');
    await mkdir(folder, { mode: 0o755 });
    await chown(folder, 65_534, 65_534);
    await expect(preparePrivateFolder(folder)).rejects.toMatchObject({
      name: 'DataDirError',
      message: expect.stringContaining('belongs to another user'),
    });
    expect((await stat(folder)).mode & 0o777).toBe(0o755);
  },
);
