import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLogger, SecretRegistry } from '@inventory/logger';
import { findRedisServer, type RedisServer } from '@inventory/redis';
import type { TestProject } from 'vitest/node';
import { startRedisServer } from './redis-servers.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A real Redis for this run of tests; every test uses a prefix of its own. */
    redisUrl: string;
  }
}

/** Keeps a Redis that had to be fetched, so that it is fetched once for all runs. */
const cache = fileURLToPath(new URL('../../.data/test-redis', import.meta.url));

/** The redis-server of this machine; one is fetched where there is none. */
export function findTestRedis(): Promise<RedisServer> {
  const logger = createLogger({ name: 'test-redis', level: 'info', format: '', secrets: new SecretRegistry() });
  return findRedisServer({ dataDir: cache, logger });
}

/**
 * Starts one real Redis for the whole run, on a Unix socket in a temporary folder, and stops it after. On a machine
 * without Redis one is fetched, and put on PATH for the tests that start servers of their own.
 */
export default async function testRedis(project: TestProject): Promise<() => Promise<void>> {
  const found = await findTestRedis();
  await putOnPath(found);
  const folder = await mkdtemp(join(tmpdir(), 'inventory-redis-'));
  const socket = join(folder, 'redis.sock');
  const server = await startRedisServer(['--port', '0', '--unixsocket', socket, '--dir', folder, '--save', ''], found);
  project.provide('redisUrl', socket);
  return async () => {
    await server.kill();
    await rm(folder, { recursive: true, force: true });
  };
}

/** Makes a fetched `redis-server` a command of the test processes, which inherit this PATH. */
async function putOnPath({ command, env }: RedisServer): Promise<void> {
  const path = process.env['PATH'] ?? '';
  if (path.split(delimiter).includes(dirname(command))) return;
  const bin = join(cache, 'bin');
  await mkdir(bin, { recursive: true });
  const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
  const assignments = Object.entries(env).map(([name, value]) => `${name}=${quoted(value)}`);
  const script = `#!/bin/sh\n${[...assignments, 'exec', quoted(command), '"$@"'].join(' ')}\n`;
  await writeFile(join(bin, 'redis-server'), script, { mode: 0o755 });
  process.env['PATH'] = `${bin}${delimiter}${path}`;
}
