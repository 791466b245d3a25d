import { execFileSync } from 'node:child_process';
import { chmod, lstat, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { envFileExposure, writeEnvFile } from './env-file.ts';
import { loadSettings } from './load-settings.ts';

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

it.skipIf(process.platform === 'win32')('leaves the pipe of a secret store as it is', async () => {
  const folder = await temporaryFolder(onTestFinished);
  const pipe = join(folder, '.env');
  execFileSync('mkfifo', ['-m', '666', pipe]);
  expect(await writeEnvFile(pipe, values)).toBe(false);
  expect((await stat(pipe)).isFIFO()).toBe(true);
  expect(await readdir(folder)).toEqual(['.env']);
  expect(envFileExposure(pipe)).toBeNull();
});

it('keeps a byte order mark and finds the line behind it', async () => {
  const path = join(await temporaryFolder(onTestFinished), '.env');
  await writeFile(path, '\uFEFFACCESS_TOKEN=old\rCLIENT_SECRET=s\r');
  await writeEnvFile(path, values);
  expect(await readFile(path, 'utf8')).toBe('\uFEFFACCESS_TOKEN=new\rCLIENT_SECRET=s\rEXPIRES_IN=42\r');
});

it.each(['utf16le', 'utf16be'])('names a file in %s, and leaves it as it is', async (encoding) => {
  const path = join(await temporaryFolder(onTestFinished), '.env');
  const bytes = Buffer.from('\uFEFFACCESS_TOKEN=old\n', 'utf16le');
  await writeFile(path, encoding === 'utf16be' ? bytes.swap16() : bytes);
  const before = await readFile(path);
  expect(() => loadSettings({ env: { ENV_FILE: path } })).toThrow(/\.env is UTF-16, or no text: save it as UTF-8/);
  await expect(writeEnvFile(path, values)).rejects.toThrow(/is UTF-16/);
  expect(await readFile(path)).toEqual(before);
});

it.skipIf(process.platform === 'win32')('says when other users can read or change the file', async () => {
  const path = join(await temporaryFolder(onTestFinished), '.env');
  expect(envFileExposure(path)).toBeNull();
  expect(envFileExposure(null)).toBeNull();
  await writeFile(path, 'CLIENT_SECRET=s\n');
  for (const [mode, said] of [
    [0o600, null],
    [0o640, null],
    [0o644, /can be read by every user of this machine \(mode 0644\): chmod 600/],
    [0o666, /can be read or changed by every user/],
  ] as const) {
    await chmod(path, mode);
    const found = envFileExposure(path);
    if (said === null) expect(found).toBeNull();
    else expect(found).toMatch(said);
  }
});
