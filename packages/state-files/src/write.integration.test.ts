import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Checkpoints } from '@inventory/checkpoints';
import { expect, inject, onTestFinished, test } from 'vitest';
import { addTests, checkpointsInUse, empty, testUuid } from '../../../test/support/checkpoints.ts';
import { readState } from '../../../test/support/read-state.ts';
import { mountTmpfs, remount, temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { until } from '../../../test/support/until.ts';
import { StateDir } from './state-dir.ts';

const script = fileURLToPath(new URL('../../../test/support/write-process.ts', import.meta.url));

/** Starts a process that writes the files. @param nodeOptions such as a limit of memory */
function spawnWriteProcess(args: readonly string[], nodeOptions: readonly string[] = []): ChildProcess {
  const options = [...nodeOptions, '--conditions=source', '--import', 'tsx', script, ...args];
  return spawn(process.execPath, options, { stdio: ['ignore', 'pipe', 'inherit'] });
}

const open = (options = {}) => checkpointsInUse(inject('redisUrl'), onTestFinished, options);
const folder = () => temporaryFolder(onTestFinished);
const stateDirOf = (checkpoints: Checkpoints, stateDir: string) =>
  new StateDir({ stateDir, queuePrefix: checkpoints.prefix });
const write = (checkpoints: Checkpoints, stateDir: string) => stateDirOf(checkpoints, stateDir).write(checkpoints);

test('for empty checkpoints the folder and three empty files are written', async () => {
  const checkpoints = await open();
  const stateDir = join(await folder(), 'a', 'b');
  const { counts } = await write(checkpoints, stateDir);
  expect(counts).toEqual({ utz: 0, classic: 0, errors: 0 });
  expect(await readFile(join(stateDir, 'utz_tests.json'), 'utf8')).toBe('[]');
  expect(await readFile(join(stateDir, 'classicut_tests.json'), 'utf8')).toBe('[]');
  expect(await readFile(join(stateDir, 'errors.json'), 'utf8')).toBe('{}');
});

test('the files have what the checkpoints know, with the bytes of JSON.stringify', async () => {
  const checkpoints = await open();
  const stateDir = await folder();
  await addTests(checkpoints, 2500);
  const { joinedAt, id: run } = await checkpoints.runs.start('all');
  const undecided = { uuid: testUuid(9999), listing: { title: 'No verdict' }, declared: null };
  await checkpoints.listing.savePage({ run, joinedAt, workspace: 'w0', position: 0, probe: true, tests: [undecided] });
  const failure = { status: 500, status_code: 500, type: 'unclassified_error', error: 'é', attempts: 6 } as const;
  await checkpoints.import.errors([{ key: 'b', error: { ...failure, body: { message: 'down' } } }]);
  await checkpoints.import.errors([{ key: 'a', error: { ...failure, status: null, status_code: null, body: null } }]);

  const { counts, revision } = await write(checkpoints, stateDir);
  expect(revision).toBe(await checkpoints.inventory.revision());
  const { utz, classic, errors } = await readState(stateDir);
  expect(counts).toEqual({ utz: utz.length, classic: classic.length, errors: 2 });
  expect(utz.length + classic.length).toBe(2500);
  expect(utz.slice(0, 4)).toEqual([
    { test_uuid: testUuid(0), workspace_uuid: 'w0', workspace_name: 'Büro 0', test_type: 'interaction test' },
    { test_uuid: testUuid(1), workspace_uuid: 'w1', workspace_name: 'Büro 1', test_type: 'think-out-loud test' },
    { test_uuid: testUuid(2), workspace_uuid: 'w2', workspace_name: 'Büro 2', test_type: 'survey' },
    { test_uuid: testUuid(3), workspace_uuid: 'w0', workspace_name: 'Büro 0' },
  ]);
  expect(classic[0]).toEqual({ test_uuid: testUuid(5), workspace_uuid: 'w2', workspace_name: 'Büro 2' });
  const uuids = utz.map(({ test_uuid }: { test_uuid: string }) => test_uuid);
  expect(uuids).toEqual([...new Set(uuids)].sort());
  expect(Object.keys(errors)).toEqual(['a', 'b']);
  expect(Object.keys(errors.b)).toEqual(['status', 'status_code', 'type', 'error', 'body', 'attempts', 'at']);
  expect(errors.b.at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  for (const [name, value] of Object.entries({
    'utz_tests.json': utz,
    'classicut_tests.json': classic,
    'errors.json': errors,
  }))
    expect(await readFile(join(stateDir, name), 'utf8')).toBe(JSON.stringify(value, null, 2));
});

test('a reader always sees whole files', async () => {
  const checkpoints = await open();
  const stateDir = await folder();
  await addTests(checkpoints, 3000);
  await write(checkpoints, stateDir);
  let writing = true;
  let looks = 0;
  const reading = (async () => {
    for (; writing; looks += 1) {
      const { utz, classic } = await readState(stateDir);
      expect(utz.length + classic.length).toBeGreaterThanOrEqual(3000);
    }
  })();
  for (let round = 1; round <= 10; round += 1) {
    await addTests(checkpoints, 6, { from: 3000 + 6 * round });
    await write(checkpoints, stateDir);
  }
  writing = false;
  await reading;
  expect(looks).toBeGreaterThan(10);
});

test('a process killed during a write leaves the old files, and its temporary files are removed', async () => {
  const checkpoints = await open();
  const stateDir = await folder();
  await addTests(checkpoints, 20_000);
  await write(checkpoints, stateDir);
  const child = spawnWriteProcess([inject('redisUrl'), checkpoints.prefix, stateDir, '1000']);
  const litter = async () => (await readdir(stateDir)).filter((name) => name.endsWith('.tmp'));
  await until('a temporary file grows', async () => {
    const [name] = await litter();
    const size =
      name === undefined
        ? 0
        : await stat(join(stateDir, name)).then(
            (found) => found.size,
            () => 0,
          );
    return size > 0;
  });
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await litter()).not.toEqual([]);
  const { utz, classic } = await readState(stateDir);
  expect(utz.length + classic.length).toBe(20_000);
  await stateDirOf(checkpoints, stateDir).removeLeftBehind();
  expect(await litter()).toEqual([]);
});

test('a full disk leaves the old files and no temporary ones', async ({ skip }) => {
  const checkpoints = await open();
  const stateDir = await folder();
  if (!(await mountTmpfs(stateDir, 'size=64k', onTestFinished))) return skip('no tmpfs can be mounted here');
  await addTests(checkpoints, 60);
  await write(checkpoints, stateDir);
  const before = await readState(stateDir);
  await addTests(checkpoints, 1000, { from: 60 });
  await expect(write(checkpoints, stateDir)).rejects.toMatchObject({
    name: 'StateDirError',
    trouble: 'full',
    message: expect.stringMatching(/^The disk is full: .*old files are intact/),
  });
  expect(await readState(stateDir)).toEqual(before);
  expect((await readdir(stateDir)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

test('a read-only folder is reported', async ({ skip }) => {
  const checkpoints = await open();
  const stateDir = await folder();
  if (!(await mountTmpfs(stateDir, 'size=1m', onTestFinished))) return skip('no tmpfs can be mounted here');
  await remount(stateDir, 'ro');
  await expect(write(checkpoints, stateDir)).rejects.toMatchObject({
    trouble: 'forbidden',
    message: expect.stringContaining('EROFS'),
  });
});

test('a file in place of the folder, and a folder in place of a file, are reported', async () => {
  const checkpoints = await open();
  const base = await folder();
  await writeFile(join(base, 'file'), '');
  await mkdir(join(base, 'state', 'errors.json'), { recursive: true });
  for (const stateDir of [join(base, 'file'), join(base, 'file', 'below'), join(base, 'state')])
    await expect(write(checkpoints, stateDir)).rejects.toMatchObject({ trouble: 'in the way' });
  expect(await readdir(join(base, 'state'))).toEqual(expect.arrayContaining(['errors.json']));
  expect((await readdir(join(base, 'state'))).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

test('a file keeps its mode', async () => {
  const checkpoints = await open();
  const stateDir = await folder();
  await write(checkpoints, stateDir);
  await chmod(join(stateDir, 'utz_tests.json'), 0o664);
  await chmod(join(stateDir, 'errors.json'), 0o600);
  await write(checkpoints, stateDir);
  expect((await stat(join(stateDir, 'utz_tests.json'))).mode & 0o777).toBe(0o664);
  expect((await stat(join(stateDir, 'errors.json'))).mode & 0o777).toBe(0o600);
});

test('files of another prefix are not touched', async () => {
  const stateDir = await folder();
  const mine = await open();
  await addTests(mine, 10);
  await write(mine, stateDir);
  const before = await readState(stateDir);
  await expect(write(await open(), stateDir)).rejects.toMatchObject({
    name: 'StateDirError',
    trouble: 'foreign',
    message: expect.stringContaining('Choose another STATE_DIR'),
  });
  expect(await readState(stateDir)).toEqual(before);
});

test('checkpoints that are not in use, or were emptied during the write, are never written', async () => {
  const stateDir = await folder();
  const checkpoints = await open();
  await addTests(checkpoints, 30_000);
  await write(checkpoints, stateDir);
  const writing = write(checkpoints, stateDir);
  const outcome = writing.then(
    () => 'written',
    (error: Error) => error.name,
  );
  const begun = async () => (await readdir(stateDir)).some((name) => name.endsWith('.tmp'));
  await until('the write has begun', begun);
  await empty(checkpoints.client, checkpoints.prefix);
  await checkpoints.import.ensureInUse(async () => undefined);
  expect(await outcome).toBe('CheckpointsLostError');
  await empty(checkpoints.client, checkpoints.prefix);
  await expect(write(checkpoints, stateDir)).rejects.toMatchObject({ name: 'CheckpointsLostError' });
  const { utz, classic } = await readState(stateDir);
  expect(utz.length + classic.length).toBe(30_000);
});

test('memory does not grow with the library: 100,000 tests in a heap of 40 MB', async () => {
  const checkpoints = await open();
  const stateDir = await folder();
  await addTests(checkpoints, 100_000);
  const child = spawnWriteProcess(
    [inject('redisUrl'), checkpoints.prefix, stateDir, '2'],
    ['--max-old-space-size=40', '--max-semi-space-size=2'],
  );
  let said = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const [code] = await once(child, 'exit');
  expect(code).toBe(0);
  expect(Number(said)).toBeLessThan(300 * 2 ** 20);
  const { utz, classic } = await readState(stateDir);
  expect(utz.length + classic.length).toBe(100_000);
});

test('with several writers, newer files are never replaced by older ones', async () => {
  const stateDir = await folder();
  const checkpoints = await open();
  await addTests(checkpoints, 3000, { category: 'survey' });
  await write(checkpoints, stateDir);
  const args = [inject('redisUrl'), checkpoints.prefix, stateDir, '15'];
  const writers = [spawnWriteProcess(args), spawnWriteProcess(args)];
  const ended = Promise.all(writers.map((writer) => once(writer, 'exit')));
  let working = true;
  const done = ended.then((codes) => {
    working = false;
    return codes.map(([code]) => code);
  });
  for (let from = 3000, known = 0; working; from += 1) {
    await addTests(checkpoints, 1, { from, category: 'survey' });
    const { utz } = await readState(stateDir);
    expect(utz.length).toBeGreaterThanOrEqual(known);
    known = utz.length;
  }
  expect(await done).toEqual([0, 0]);
});

test('a writer waits for another one, but for a dead one only as long as its lock lasts', async () => {
  const stateDir = await folder();
  const checkpoints = await open();
  await checkpoints.client.set(`${checkpoints.prefix}:exporting`, 'a dead process', 'PX', 500);
  const writing = write(checkpoints, stateDir);
  await until('the folder is claimed', async () => (await readdir(stateDir)).includes('manifest.json'));
  await addTests(checkpoints, 6);
  expect((await writing).counts).toEqual({ utz: 5, classic: 1, errors: 0 });
});

test('a writer that lost its lock during the write replaces nothing and starts over', async () => {
  const stateDir = await folder();
  const checkpoints = await open();
  await addTests(checkpoints, 20_000, { category: 'survey' });
  const isUnderWay = async () => (await readdir(stateDir)).some((name) => name.endsWith('.tmp'));
  const writing = write(checkpoints, stateDir);
  await until('a temporary file is there', isUnderWay);
  await checkpoints.client.set(`${checkpoints.prefix}:exporting`, 'somebody else');
  await until('it has given up', async () => !(await isUnderWay()));
  expect(await readdir(stateDir)).toEqual(['manifest.json']);
  await addTests(checkpoints, 1, { from: 30_000, category: 'survey' });
  await checkpoints.client.del(`${checkpoints.prefix}:exporting`);
  expect((await writing).counts.utz).toBe(20_001);
});
