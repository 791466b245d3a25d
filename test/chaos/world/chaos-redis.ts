import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RedisServer } from '@inventory/redis';
import { killAtExit } from './kill-at-exit.ts';

/** A real Redis of one run, which can die and come back with what its append-only file holds. */
export interface ChaosRedis {
  readonly socketPath: string;
  readonly password: string;
  start(): Promise<void>;
  kill(): Promise<void>;
}

/** Starts it on a Unix socket in a folder of its own, append-only with `everysec`. */
export async function startChaosRedis(program: RedisServer, folder: string, password: string): Promise<ChaosRedis> {
  await mkdir(folder, { recursive: true });
  const socketPath = join(folder, 'redis.sock');
  const args = [
    ['--port', '0'],
    ['--unixsocket', socketPath],
    ['--dir', folder],
    ['--requirepass', password],
    ['--appendonly', 'yes'],
    ['--appendfsync', 'everysec'],
    ['--save', ''],
  ].flat();
  let server: ChildProcess | null = null;

  async function start(): Promise<void> {
    const child = spawn(program.command, args, { cwd: folder, env: program.env, stdio: ['ignore', 'pipe', 'ignore'] });
    server = child;
    killAtExit(child);
    let said = '';
    await new Promise<void>((ready, failed) => {
      child.once('error', failed);
      child.once('exit', () => failed(new Error(`redis-server ended: ${said}`)));
      child.stdout.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes('eady to accept connections')) ready();
      });
    });
  }

  await start();
  return {
    socketPath,
    password,
    start,
    async kill() {
      if (server === null || server.exitCode !== null || server.signalCode !== null) return;
      server.kill('SIGKILL');
      await once(server, 'exit');
    },
  };
}
