import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readdir, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { RedisServer } from '@inventory/redis';
import { killAtExit } from '../support/program.ts';
import { makeSettableClock } from '../support/settable-clock.ts';

interface ChaosRedisOptions {
  readonly program: RedisServer;
  readonly folder: string;
  readonly password: string;
  /** Whether its clock will be set; only then it gets one of its own. */
  readonly ownClock: boolean;
}

/**
 * Starts the Redis of one run on a Unix socket in a folder of its own, append-only with `everysec`. It can die and come
 * back with what its file holds.
 */
export async function startChaosRedis(options: ChaosRedisOptions) {
  const { program, folder, password } = options;
  await mkdir(folder, { recursive: true });
  const socketPath = join(folder, 'redis.sock');
  const place = ['--port', '0', '--unixsocket', socketPath, '--dir', folder, '--requirepass', password];
  const args = [...place, '--appendonly', 'yes', '--appendfsync', 'everysec', '--save', ''];
  const clock = options.ownClock ? await makeSettableClock(folder) : null;
  const env = { ...program.env, ...clock?.env };
  let server: ChildProcess | null = null;

  async function start(): Promise<void> {
    const child = spawn(program.command, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'ignore'] });
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
    /** Sets its clock so far ahead (negative: behind). @returns whether it can be set on this machine */
    async setClock(aheadMs: number): Promise<boolean> {
      await clock?.set(aheadMs);
      return clock !== null;
    },
    async kill(): Promise<void> {
      if (server === null || server.exitCode !== null || server.signalCode !== null) return;
      server.kill('SIGKILL');
      await once(server, 'exit');
    },
    /** Takes the last bytes off its append-only file, while it is dead. @returns what was lost */
    async loseTail(bytes: number): Promise<string> {
      const files = (await readdir(join(folder, 'appendonlydir'))).filter((name) => name.endsWith('.incr.aof'));
      // There are two for a moment while it is rewritten; the writes go to the one with the higher number.
      const last = files.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1);
      return last === undefined ? '' : cutTail(join(folder, 'appendonlydir', last), bytes);
    },
  };
}

async function cutTail(path: string, bytes: number): Promise<string> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const length = Math.min(bytes, size);
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
    await truncate(path, size - length);
    return buffer.toString();
  } finally {
    await file.close();
  }
}
