import { execFileSync } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, open, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { ReplacementFile, removeLeftBehind, replaceFile, syncFolder } from './index.ts';
import { temporaryName } from './replacement-file.ts';

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'inventory-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

test('a file holds the old contents until the new ones take its place whole', async () => {
  const at = await folder();
  const path = join(at, 'a.json');
  await writeFile(path, 'old');
  const file = await ReplacementFile.begin(path);
  await file.write('new ');
  await file.write(Buffer.from('contents'));
  expect(await file.finish()).toMatch(/^[0-9a-f]{64}$/);
  expect(await readFile(path, 'utf8')).toBe('old');
  await file.replace();
  expect(await readFile(path, 'utf8')).toBe('new contents');
  await file.discard();
  expect(await readdir(at)).toEqual(['a.json']);
});

test('contents are on the disk before they take the place of the file, and the folder after', async () => {
  const at = await folder();
  const handle = await open(at, 'r');
  // Every handle has this prototype; the calls go through.
  const synced = vi.spyOn(Object.getPrototypeOf(handle), 'sync');
  onTestFinished(() => synced.mockRestore());
  await handle.close();
  const file = await ReplacementFile.begin(join(at, 'a.json'));
  await file.write('new');
  await file.finish();
  expect(synced).toHaveBeenCalledTimes(1);
  await file.replace();
  await syncFolder(at);
  expect(synced).toHaveBeenCalledTimes(2);
});

test('discarded contents leave the old file and nothing else', async () => {
  const at = await folder();
  await writeFile(join(at, 'a.json'), 'old');
  const file = await ReplacementFile.begin(join(at, 'a.json'));
  await file.write('new');
  await file.discard();
  expect(await readdir(at)).toEqual(['a.json']);
  expect(await readFile(join(at, 'a.json'), 'utf8')).toBe('old');
});

test('a file keeps its mode; a new one has the wanted mode', async () => {
  const at = await folder();
  const path = join(at, 'a.json');
  await replaceFile(path, 'secret', { mode: 0o600 });
  expect((await stat(path)).mode & 0o7777).toBe(0o600);
  await chmod(path, 0o664);
  await replaceFile(path, 'other');
  expect((await stat(path)).mode & 0o7777).toBe(0o664);
});

test.runIf(process.getuid?.() === 0)('a file keeps its owner and group where the user may set them', async () => {
  const path = join(await folder(), 'a.json');
  await writeFile(path, 'old');
  await chown(path, 1234, 2345);
  await replaceFile(path, 'new');
  expect(await stat(path)).toMatchObject({ uid: 1234, gid: 2345 });
});

test.runIf(process.getuid?.() === 0)('what root makes anew belongs to the owner of the folder', async () => {
  const at = await folder();
  await chown(at, 1234, 2345);
  await replaceFile(join(at, 'a.json'), 'new', { mode: 0o600 });
  const { uid, gid, mode } = await stat(join(at, 'a.json'));
  expect({ uid, gid, mode: mode & 0o7777 }).toEqual({ uid: 1234, gid: 2345, mode: 0o600 });
});

test.runIf(process.getuid?.() === 0)('a group that cannot be kept leaves no rights to another one', async () => {
  const at = await folder();
  const path = join(at, 'a.json');
  await writeFile(path, 'old');
  await chown(path, 1234, 2345);
  await chmod(path, 0o640);
  await chmod(at, 0o777);
  const write = `import { replaceFile } from ${JSON.stringify(new URL('./index.ts', import.meta.url))};
    process.setgroups([]); process.setgid(3456); process.setuid(1234); await replaceFile(${JSON.stringify(path)}, 'new');`;
  execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', write]);
  const { uid, gid, mode } = await stat(path);
  expect({ uid, gid, mode: mode & 0o7777 }).toEqual({ uid: 1234, gid: 3456, mode: 0o600 });
});

test('what the file system refuses is explained by the caller', async () => {
  const at = await folder();
  await mkdir(join(at, 'a.json'));
  const explain = (error: unknown) => new Error(`not written: ${(error as NodeJS.ErrnoException).code}`);
  await expect(replaceFile(join(at, 'a.json'), '', { explain })).rejects.toThrow('not written: EISDIR');
  await expect(replaceFile(join(at, 'b', 'a.json'), '', { explain })).rejects.toThrow('not written: ENOENT');
  await expect(syncFolder(join(at, 'b'), { explain })).rejects.toThrow('not written: ENOENT');
  expect(await readdir(at)).toEqual(['a.json']);
});

test('temporary files of interrupted writes are removed, of the named files only', async () => {
  const at = await folder();
  const dead = { host: 'another', pid: 1, startedAt: 1 };
  const [ours, others] = ['a.json', 'b.json'].map((name) => temporaryName(name, dead));
  for (const name of [ours, others, 'a.json']) {
    await writeFile(join(at, name ?? ''), '');
    await utimes(join(at, name ?? ''), 0, 0);
  }
  await removeLeftBehind(at, (name) => name === 'a.json');
  expect((await readdir(at)).sort()).toEqual([others, 'a.json'].sort());
});
