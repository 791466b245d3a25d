import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRedisServer } from './redis-server.ts';

/** A redis-server or Sentinel of one test, on the loopback address. */
export interface RedisProcess {
  readonly port: number;
  /** `redis://127.0.0.1:port` */
  readonly url: string;
  /** Kills it as a power cut would. */
  kill(): Promise<void>;
}

export interface RedisProcessOptions {
  readonly afterTest: (work: () => Promise<void>) => void;
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
  const folder = await mkdtemp(join(tmpdir(), 'redis-process-'));
  const place = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
  const all = sentinelFile === undefined ? [...place, ...args] : [sentinelFile, '--sentinel'];
  const { kill } = await startRedisServer(all);
  afterTest(async () => {
    await kill();
    await rm(folder, { recursive: true, force: true });
  });
  return { port, url: `redis://127.0.0.1:${port}`, kill };
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
