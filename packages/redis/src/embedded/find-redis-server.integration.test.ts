import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, lchown, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../testing/data-folder.ts';
import { recordedLogger } from '../../testing/recorded-logger.ts';
import { findRedisServer } from './find-redis-server.ts';

const run = promisify(execFile);
const hasApt = ['/usr/bin/apt-get', '/usr/bin/dpkg-deb'].every(existsSync);

/** A folder for PATH with these programs: a text is a shell script, null the system's own program. */
async function programs(folder: string, wanted: Record<string, string | null>): Promise<string> {
  const bin = join(folder, 'bin');
  await mkdir(bin);
  for (const [name, script] of Object.entries(wanted)) {
    if (script === null) await symlink(`/usr/bin/${name}`, join(bin, name));
    else await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
  return bin;
}

test('the first of redis-server and valkey-server on PATH that is new enough is taken', async () => {
  const dataDir = await temporaryFolder(onTestFinished);
  const path = await programs(dataDir, {
    'redis-server': 'echo "Redis server v=6.0.16 sha=0"',
    'valkey-server': 'echo "Valkey server v=8.0.1 sha=0"',
  });
  const { logger } = recordedLogger();
  const server = await findRedisServer({ dataDir, logger, path });
  expect(server).toEqual({ command: join(path, 'valkey-server'), env: {} });
});

test('a machine without any way to get Redis is told the ways, one a line', async () => {
  const dataDir = await temporaryFolder(onTestFinished);
  const path = await programs(dataDir, { 'redis-server': 'echo "Redis server v=5.0.7 sha=0"' });
  const { logger } = recordedLogger();
  const found = findRedisServer({ dataDir, logger, path });
  await expect(found).rejects.toMatchObject({ name: 'RedisServerMissingError' });
  await expect(found).rejects.toThrow(
    /redis-server does not run, or is older than 6\.2[\s\S]*brew install redis\n[\s\S]*REDIS_URL/,
  );
});

/** A data folder with a server that leaves a trace when it is run. */
async function planted(): Promise<{ dataDir: string; path: string; server: string; wasRun: () => boolean }> {
  const dataDir = await temporaryFolder(onTestFinished);
  const server = join(dataDir, 'redis-server/unpacked/usr/bin/redis-server');
  const trace = join(dataDir, 'trace');
  await mkdir(join(server, '..'), { recursive: true });
  await writeFile(server, `#!/bin/sh\n: > ${trace}\necho "Redis server v=7.0.15 sha=0"\n`, { mode: 0o755 });
  return { dataDir, server, path: await programs(dataDir, {}), wasRun: () => existsSync(trace) };
}

test('Ctrl-C while the package is fetched is said to be that, and no missing Redis', async () => {
  const dataDir = await temporaryFolder(onTestFinished);
  const asked = join(dataDir, 'asked');
  const interrupted = `echo >> ${asked}; kill -INT $$`;
  const path = await programs(dataDir, { 'apt-get': interrupted, 'dpkg-deb': 'exit 1' });
  const found = findRedisServer({ dataDir, path, ...recordedLogger() });
  await expect(found).rejects.toMatchObject({ message: 'Interrupted.', exitCode: 130 });
  expect(await readFile(asked, 'utf8')).toBe('\n');
});

test('a server that was fetched earlier is run', async () => {
  const { dataDir, path, server, wasRun } = await planted();
  const found = await findRedisServer({ dataDir, path, ...recordedLogger() });
  expect({ found, run: wasRun() }).toEqual({ found: { command: server, env: {} }, run: true });
});

test.each(['usr/bin/redis-server', 'usr/bin', '', '..'])(
  'a server in a data folder is not run when all users can write to its %j',
  async (part) => {
    const { dataDir, path, wasRun } = await planted();
    await chmod(join(dataDir, 'redis-server/unpacked', part), 0o777);
    await expect(findRedisServer({ dataDir, path, ...recordedLogger() })).rejects.toThrow('no usable redis-server');
    expect(wasRun()).toBe(false);
  },
);

test.skipIf(process.getuid?.() !== 0).each(['usr/bin/redis-server', 'usr/bin', '', '..', '../..'])(
  'a server in a data folder is not run when its %j belongs to another user (as root; skipped elsewhere)',
  async (part) => {
    const { dataDir, path, wasRun } = await planted();
    await lchown(join(dataDir, 'redis-server/unpacked', part), 65_534, 65_534);
    const found = findRedisServer({ dataDir, path, ...recordedLogger() });
    await expect(found).rejects.toMatchObject({
      name: 'DataDirError',
      message: expect.stringContaining('of your own'),
    });
    expect(wasRun()).toBe(false);
  },
);

test('a package source that cannot be reached is quoted without its address', async () => {
  const dataDir = await temporaryFolder(onTestFinished);
  const failing = 'echo "E: Failed to fetch https://user:geheim@packages.test/x  Could not connect" >&2; exit 100';
  const path = await programs(dataDir, { 'apt-get': failing, 'dpkg-deb': null });
  const { logger } = recordedLogger();
  const found = findRedisServer({ dataDir, logger, path });
  await expect(found).rejects.toThrow(/Failed to fetch \(the package source\)\s+Could not connect/);
  await expect(found).rejects.not.toThrow('packages.test');
  expect(await readdir(join(dataDir, 'redis-server'))).toEqual(['lock']);
});

test.skipIf(!hasApt)(
  "on Debian and Ubuntu (skipped elsewhere) the distribution's package is fetched once, also when two ask at once",
  async () => {
    const dataDir = await temporaryFolder(onTestFinished);
    await chmod(dataDir, 0o755);
    const path = await programs(dataDir, { 'apt-get': null, 'dpkg-deb': null });
    const { logger, lines } = recordedLogger();
    const ask = () => findRedisServer({ dataDir, logger, path });
    const [one, two] = await Promise.all([ask(), ask()]);
    expect(one).toEqual(two);
    expect(one.command).toContain(join(dataDir, 'redis-server', 'unpacked'));
    expect(lines.filter((line) => line.includes('once'))).toHaveLength(1);
    const { stdout } = await run(one.command, ['--version'], { env: one.env });
    expect(stdout).toMatch(/server v=\d/);
    expect(await ask()).toEqual(one);
    expect(await readdir(join(dataDir, 'redis-server'))).toEqual(['lock', 'unpacked']);
  },
);
