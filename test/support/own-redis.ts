import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RedisServerProcess, startRedisServer } from './redis-server.ts';

/** A Redis of one test, which can go away and come back with what it had written down. */
export interface OwnRedis {
  /** Its socket; the same after a restart. */
  readonly url: string;
  /** Where it writes. */
  readonly folder: string;
  /** Kills it as a power cut would. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Lets it hang: connections stay open and nothing is answered. */
  freeze(): void;
  thaw(): void;
}

interface OwnRedisOptions {
  /** Puts what it loads into its folder. */
  readonly prepare?: (folder: string) => Promise<void>;
  /** More for its command line. Without it each change is on disk before it is answered. */
  readonly args?: readonly string[];
  readonly program?: { readonly command: string; readonly env: NodeJS.ProcessEnv };
}

/** Starts a Redis with append-only persistence on a Unix socket; it ends after the test. */
export async function startOwnRedis(
  afterTest: (work: () => Promise<void>) => void,
  { prepare, args = ['--appendfsync', 'always'], program }: OwnRedisOptions = {},
): Promise<OwnRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'own-redis-'));
  const url = join(folder, 'redis.sock');
  const place = ['--port', '0', '--unixsocket', url, '--dir', folder, '--save', '', '--appendonly', 'yes'];
  let server: RedisServerProcess | null = null;
  const kill = async (): Promise<void> => server?.kill();
  const start = async (): Promise<void> => {
    server = await startRedisServer([...place, ...args], program);
  };
  afterTest(async () => {
    await kill();
    await rm(folder, { recursive: true, force: true });
  });
  await prepare?.(folder);
  await start();
  return {
    url,
    folder,
    kill,
    start,
    freeze: () => server?.signal('SIGSTOP'),
    thaw: () => server?.signal('SIGCONT'),
  };
}
