import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A Redis of one test, which can go away and come back. It writes down each change before it answers. */
export interface OwnRedis {
  /** Its socket; the same after a restart. */
  readonly url: string;
  /** Where it writes. */
  readonly folder: string;
  /** Kills it as a power cut would. */
  kill(): Promise<void>;
  /** Starts it again on what it had written down. */
  start(): Promise<void>;
  /** Lets it hang: connections stay open and nothing is answered. */
  freeze(): void;
  thaw(): void;
}

/**
 * Starts a Redis with append-only persistence on a Unix socket; it ends after the test.
 * @param prepare puts what it loads into its folder
 */
export async function startOwnRedis(
  afterTest: (work: () => Promise<void>) => void,
  prepare: (folder: string) => Promise<void> = async () => undefined,
): Promise<OwnRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'own-redis-'));
  const url = join(folder, 'redis.sock');
  const args = ['--port', '0', '--unixsocket', url, '--dir', folder, '--save', ''];
  let server: ChildProcess | null = null;

  async function start(): Promise<void> {
    const child = spawn('redis-server', [...args, '--appendonly', 'yes', '--appendfsync', 'always'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    server = child;
    await new Promise<void>((ready, failed) => {
      child.once('exit', () => failed(new Error('redis-server ended at once')));
      child.stdout.on('data', (chunk: Buffer) => {
        if (chunk.toString().includes('eady to accept connections')) ready();
      });
    });
  }
  async function kill(): Promise<void> {
    if (server === null || server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
  }
  afterTest(async () => {
    await kill();
    await rm(folder, { recursive: true, force: true });
  });
  await prepare(folder);
  await start();
  return {
    url,
    folder,
    kill,
    start,
    freeze: () => void server?.kill('SIGSTOP'),
    thaw: () => void server?.kill('SIGCONT'),
  };
}
