import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { killAtExit } from './program.ts';
import { temporaryFolder } from './temporary-folder.ts';

type AfterTest = (work: () => Promise<void>) => void;

/** A redis-server that takes connections, or did. */
export interface RedisServerProcess {
  signal(name: NodeJS.Signals): void;
  /** Kills it as a power cut would. */
  kill(): Promise<void>;
}

/** Starts a redis-server or a Sentinel, and waits until it takes connections. It lives no longer than this process. */
export async function startRedisServer(
  args: readonly string[],
  { command = 'redis-server', env = process.env } = {},
): Promise<RedisServerProcess> {
  const server = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  killAtExit(server);
  const ended = once(server, 'exit');
  let said = '';
  await new Promise<void>((ready, failed) => {
    server.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (/eady to accept connections|Sentinel ID is/.test(said)) ready();
    });
    ended.then(() => failed(new Error(`redis-server ended: ${said}`)), failed);
  });
  return {
    signal: (name) => void server.kill(name),
    async kill() {
      server.kill('SIGKILL');
      await ended;
    },
  };
}

/** A redis-server or Sentinel of one test, on the loopback address. */
export interface RedisProcess {
  readonly port: number;
  /** `redis://127.0.0.1:port` */
  readonly url: string;
  /** Kills it as a power cut would. */
  kill(): Promise<void>;
}

interface RedisProcessOptions {
  readonly afterTest: AfterTest;
  /** What it gets on its command line beside port and folder. */
  readonly args?: readonly string[];
  /** Where it listens; a free port without it. */
  readonly port?: number;
  /** Path of a Sentinel's configuration, which names its port and folder: then it is a Sentinel. */
  readonly sentinelFile?: string;
}

/** Starts one and waits until it takes connections; it ends after the test, and its files are removed. */
export async function startRedisProcess(options: RedisProcessOptions): Promise<RedisProcess> {
  const { afterTest, args = [], sentinelFile } = options;
  const port = options.port ?? (await freePort());
  const folder = await temporaryFolder(afterTest);
  const place = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
  const all = sentinelFile === undefined ? [...place, ...args] : [sentinelFile, '--sentinel'];
  const { kill } = await startRedisServer(all);
  afterTest(kill);
  return { port, url: `redis://127.0.0.1:${port}`, kill };
}

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
  afterTest: AfterTest,
  { prepare, args = ['--appendfsync', 'always'], program }: OwnRedisOptions = {},
): Promise<OwnRedis> {
  const folder = await temporaryFolder(afterTest);
  const url = join(folder, 'redis.sock');
  const place = ['--port', '0', '--unixsocket', url, '--dir', folder, '--save', '', '--appendonly', 'yes'];
  let server: RedisServerProcess | null = null;
  const kill = async (): Promise<void> => server?.kill();
  const start = async (): Promise<void> => {
    server = await startRedisServer([...place, ...args], program);
  };
  afterTest(kill);
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

/**
 * A TCP port of the loopback address that nobody listens on at the moment. Not one that the system itself hands out, to
 * connections and to servers of other tests: it could be taken before it is used.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 30_000);
    const server = createServer().listen(port, '127.0.0.1');
    const free = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (!free) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}
