import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** A real Redis for this run of tests; every test uses a prefix of its own. */
    redisUrl: string;
  }
}

/** Starts one real Redis for the whole run, on a Unix socket in a temporary folder, and stops it after. */
export default async function testRedis(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'inventory-redis-'));
  const socket = join(folder, 'redis.sock');
  const server = spawn('redis-server', ['--port', '0', '--unixsocket', socket, '--dir', folder, '--save', ''], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((ready, failed) => {
    server.once('error', failed);
    server.stdout.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('eady to accept connections')) ready();
    });
  });
  project.provide('redisUrl', socket);
  return async () => {
    server.kill();
    await rm(folder, { recursive: true, force: true });
  };
}
