import { appendFile, mkdir, readdir, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { until } from '../../../../test/support/until.ts';
import { startAttachedProcess, temporaryFolder } from '../../testing/data-folder.ts';
import { recordedLogger } from '../../testing/recorded-logger.ts';
import { openRedis, type RedisAccess } from '../open-redis.ts';
import { identifyProcess } from './process-lock.ts';
import { readLivingServer } from './server-record.ts';

const { logger } = recordedLogger();
const open = (dataDir: string, log = logger): Promise<RedisAccess> =>
  openRedis({ redisUrl: '', dataDir, name: 'test', logger: log });
const serverPid = async (dataDir: string): Promise<number> =>
  (await readLivingServer(join(dataDir, 'redis')))?.pid ?? 0;
const isGone = async (pid: number): Promise<boolean> => (await identifyProcess(pid)) === null;

test('processes that start at the same moment share one Redis, and only the last one out stops it', async () => {
  const dataDir = await temporaryFolder(onTestFinished);
  const processes = Array.from({ length: 4 }, () => startAttachedProcess('join', dataDir));
  const pids = await Promise.all(processes.map(({ opened }) => opened));
  expect(new Set(pids).size).toBe(1);
  const [last, ...others] = processes;
  await Promise.all(others.map((other) => other.leave()));
  expect(String(await serverPid(dataDir))).toBe(pids[0]);
  await last?.leave();
  expect(await isGone(Number(pids[0]))).toBe(true);
});

test('a process that leaves while another one comes never takes Redis away from it', async () => {
  const dataDir = await temporaryFolder(onTestFinished);
  for (let round = 0; round < 10; round += 1) {
    const first = await open(dataDir);
    const [second] = await Promise.all([open(dataDir), first.close()]);
    expect(await second.connect('check').ping()).toBe('PONG');
    await second.close();
  }
  expect(await serverPid(dataDir)).toBe(0);
});

test('Ctrl-C and kill -9 end a command and not its Redis, which the next command joins', async () => {
  const dataDir = await temporaryFolder(onTestFinished);
  const interrupted = startAttachedProcess('join', dataDir);
  const pid = Number(await interrupted.opened);
  await interrupted.kill('SIGINT', 'group');
  expect(await serverPid(dataDir)).toBe(pid);
  const killed = startAttachedProcess('join', dataDir);
  expect(Number(await killed.opened)).toBe(pid);
  await killed.kill('SIGKILL', 'group');
  const runtime = await open(dataDir);
  expect(await serverPid(dataDir)).toBe(pid);
  await runtime.close();
  expect(await isGone(pid)).toBe(true);
});

test('data outlive the server, whether it was stopped or killed', async () => {
  const dataDir = await temporaryFolder(onTestFinished);
  const first = await open(dataDir);
  await first.connect('write').set('{test}:a', 'stopped');
  await first.close();
  const second = await open(dataDir);
  const client = second.connect('work');
  expect(await client.get('{test}:a')).toBe('stopped');
  await client.set('{test}:b', 'killed');
  const killed = await serverPid(dataDir);
  process.kill(killed, 'SIGKILL');
  await second.close();
  await until('the server is gone', () => isGone(killed));
  const third = await open(dataDir);
  expect(await third.connect('read').mget('{test}:a', '{test}:b')).toEqual(['stopped', 'killed']);
  await third.close();
});

test('an append-only file that a crash cut off costs its last record and no more', async () => {
  const dataDir = await temporaryFolder(onTestFinished);
  const first = await open(dataDir);
  const client = first.connect('write');
  await client.set('{test}:whole', '1');
  await client.set('{test}:cut', '1');
  await first.close();
  const files = join(dataDir, 'redis', 'appendonlydir');
  const file = join(files, (await readdir(files)).find((name) => name.endsWith('.incr.aof')) ?? '');
  await truncate(file, (await stat(file)).size - 3);
  const second = await open(dataDir);
  expect(await second.connect('read').mget('{test}:whole', '{test}:cut')).toEqual(['1', null]);
  await second.close();
});

test('a Redis that dies under a running command is started again, and commands only wait', async () => {
  const dataDir = await temporaryFolder(onTestFinished);
  const { logger: log, lines } = recordedLogger();
  const runtime = await open(dataDir, log);
  const [one, two] = [runtime.connect('one'), runtime.connect('two')];
  await Promise.all([one.set('{test}:a', '1'), two.ping()]);
  const before = await serverPid(dataDir);
  process.kill(before, 'SIGKILL');
  await until('the server is gone', () => isGone(before));
  expect(await one.get('{test}:a')).toBe('1');
  await two.ping();
  expect(await serverPid(dataDir)).not.toBe(before);
  await until('it is said', () => lines.some((line) => line.startsWith('info Redis at') && line.endsWith('is back.')));
  expect(lines.filter((line) => line.startsWith('warn Lost the connection'))).toHaveLength(1);
  await runtime.close();
  expect(await serverPid(dataDir)).toBe(0);
});

test('a socket and a process id left over by a crash do not keep Redis from starting', async () => {
  const dataDir = await temporaryFolder(onTestFinished);
  await mkdir(join(dataDir, 'redis'), { mode: 0o700 });
  const socketPath = join(dataDir, 'redis', 'redis.sock');
  await leaveSocketBehind(socketPath);
  // Our own process id, but another start: the number was given out again after a crash.
  const record = { pid: process.pid, startedAt: 'another boot:1', socketPath };
  await writeFile(join(dataDir, 'redis', 'redis-server.json'), JSON.stringify(record));
  const runtime = await open(dataDir);
  expect(await runtime.connect('check').ping()).toBe('PONG');
  await runtime.close();
});

test('only this user can enter the folder, and Redis has no TCP port', async () => {
  const dataDir = await temporaryFolder(onTestFinished);
  const runtime = await open(dataDir);
  expect((await stat(join(dataDir, 'redis'))).mode & 0o777).toBe(0o700);
  expect((await stat(join(dataDir, 'redis', 'redis.sock'))).mode & 0o777).toBe(0o600);
  const settings = await runtime
    .connect('check')
    .config('GET', 'port', 'appendonly', 'appendfsync', 'maxmemory-policy');
  expect(settings).toEqual(
    expect.arrayContaining([
      'port',
      '0',
      'appendonly',
      'yes',
      'appendfsync',
      'everysec',
      'maxmemory-policy',
      'noeviction',
    ]),
  );
  expect([runtime.embedded, runtime.describe()]).toEqual([true, expect.stringContaining('redis.sock')]);
  await runtime.close();
});

test('a data folder with a path too long for a socket works all the same', async () => {
  const dataDir = join(await temporaryFolder(onTestFinished), 'x'.repeat(120));
  const runtime = await open(dataDir);
  expect(await runtime.connect('check').ping()).toBe('PONG');
  expect(runtime.describe()).not.toContain('xxx');
  const other = await open(dataDir);
  expect(other.describe()).toBe(runtime.describe());
  await runtime.close();
  await other.close();
  await rm(join(runtime.describe().replace(' (embedded)', ''), '..'), { recursive: true });
});

test('a data folder that cannot be made is refused with the reason', async () => {
  const file = join(await temporaryFolder(onTestFinished), 'file');
  await writeFile(file, '');
  await expect(open(file)).rejects.toMatchObject({
    name: 'DataDirError',
    message: expect.stringContaining('a file is'),
  });
});

test('a Redis that cannot start is quoted', async () => {
  const dataDir = await temporaryFolder(onTestFinished);
  await mkdir(join(dataDir, 'redis'), { mode: 0o700 });
  await writeFile(join(dataDir, 'redis', 'appendonlydir'), 'a file where Redis wants a folder');
  await expect(open(dataDir)).rejects.toMatchObject({
    name: 'RedisStartError',
    message: expect.stringContaining('appendonlydir'),
  });
  expect(await serverPid(dataDir)).toBe(0);
});

/** A socket without a listener: its file is renamed while it listens, so that closing does not remove it. */
async function leaveSocketBehind(path: string): Promise<void> {
  const server = createServer().listen(`${path}.tmp`);
  await until('it listens', () => server.listening);
  await rename(`${path}.tmp`, path);
  await new Promise((done) => server.close(done));
}

/** The file that grows, of a folder whose server was stopped. */
async function growingFile(dataDir: string): Promise<string> {
  const files = join(dataDir, 'redis', 'appendonlydir');
  const names = (await readdir(files)).filter((name) => name.endsWith('.incr.aof')).sort();
  return join(files, names.at(-1) ?? '');
}

test('half a transaction at the end of the file never comes to life, whatever is written after it', async () => {
  const dataDir = await temporaryFolder(onTestFinished);
  const first = await open(dataDir);
  await first.connect('write').set('{test}:whole', '1');
  await first.close();
  const half = '*1\r\n$5\r\nMULTI\r\n*3\r\n$3\r\nSET\r\n$11\r\n{test}:half\r\n$1\r\n1\r\n*3\r\n$3\r\nSET\r\n$11\r\n{te';
  await appendFile(await growingFile(dataDir), half);
  const second = await open(dataDir);
  await second.connect('write').multi().set('{test}:later', '1').set('{test}:last', '1').exec();
  await second.close();
  for (let start = 0; start < 2; start += 1) {
    const runtime = await open(dataDir);
    const keys = ['whole', 'half', 'later', 'last'].map((name) => `{test}:${name}`);
    expect(await runtime.connect('read').mget(keys)).toEqual(['1', null, '1', '1']);
    await runtime.close();
  }
});

test('a file that is damaged in the middle ends the start with what to do', async () => {
  const dataDir = await temporaryFolder(onTestFinished);
  const first = await open(dataDir);
  const client = first.connect('write');
  for (let count = 0; count < 9; count += 1) await client.set(`{test}:${count}`, 'x'.repeat(100));
  await first.close();
  const path = await growingFile(dataDir);
  const bytes = await readFile(path);
  const middle = bytes.indexOf('*3', bytes.length / 2);
  await writeFile(path, Buffer.concat([bytes.subarray(0, middle), Buffer.from('garbage'), bytes.subarray(middle)]));
  const files = join(dataDir, 'redis', 'appendonlydir');
  await expect(open(dataDir)).rejects.toThrow(
    new RegExp(`damaged[^]*redis-check-aof --fix ${join(files, 'appendonly.aof.manifest')}[^]*mv ${files} `),
  );
  await rename(files, `${files}.damaged`);
  await (await open(dataDir)).close();
});

test.each([
  ['is missing', '.incr.aof', (path: string) => rm(path)],
  ['is cut off', '.base.rdb', (path: string) => truncate(path, 40)],
  ['is something else', '.manifest', (path: string) => writeFile(path, 'garbage\n')],
])('data of which one file %s (%s) end the start with what to do', async (_damage, end, damage) => {
  const dataDir = await temporaryFolder(onTestFinished);
  await (await open(dataDir)).close();
  const files = join(dataDir, 'redis', 'appendonlydir');
  await damage(join(files, (await readdir(files)).find((name) => name.endsWith(end)) ?? ''));
  await expect(open(dataDir)).rejects.toThrow(
    new RegExp(`are damaged[^]*Move them away: mv ${files} ${files}.damaged`),
  );
});
