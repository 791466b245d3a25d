import { chmod, lstat, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { writeEnvFile } from './env-file.ts';

const values = { ACCESS_TOKEN: 'new', EXPIRES_IN: '42' };

it('keeps the mode of the file and leaves nothing beside it', async () => {
  const folder = await temporaryFolder(onTestFinished);
  const path = join(folder, '.env');
  await writeFile(path, 'ACCESS_TOKEN=old\n');
  await chmod(path, 0o640);
  expect(await writeEnvFile(path, values)).toBe(true);
  expect(await readFile(path, 'utf8')).toBe('ACCESS_TOKEN=new\nEXPIRES_IN=42\n');
  expect((await stat(path)).mode & 0o777).toBe(0o640);
  expect(await readdir(folder)).toEqual(['.env']);
});

it('writes through a link to the file it names', async () => {
  const folder = await temporaryFolder(onTestFinished);
  await mkdir(join(folder, 'elsewhere'));
  const path = join(folder, 'elsewhere', 'settings');
  const link = join(folder, '.env');
  await writeFile(path, 'ACCESS_TOKEN=old\n');
  await symlink(path, link);
  expect(await writeEnvFile(link, values)).toBe(true);
  expect((await lstat(link)).isSymbolicLink()).toBe(true);
  expect(await readFile(path, 'utf8')).toBe('ACCESS_TOKEN=new\nEXPIRES_IN=42\n');
});

it('keeps bytes that are no UTF-8', async () => {
  const folder = await temporaryFolder(onTestFinished);
  const path = join(folder, '.env');
  const latin1 = Buffer.from('# B\xfcro\nCLIENT_SECRET=a\xe9b\n', 'latin1');
  const utf8 = Buffer.from('# Büro 🦊\n');
  await writeFile(path, Buffer.concat([latin1, utf8]));
  await writeEnvFile(path, values);
  const after = await readFile(path);
  expect(after.subarray(0, latin1.length + utf8.length)).toEqual(Buffer.concat([latin1, utf8]));
});

it('makes no file where there is none', async () => {
  const folder = await temporaryFolder(onTestFinished);
  expect(await writeEnvFile(join(folder, '.env'), values)).toBe(false);
  expect(await readdir(folder)).toEqual([]);
});
