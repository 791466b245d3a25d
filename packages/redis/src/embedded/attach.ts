import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Logger, messageOf } from '@inventory/logger';
import type { Redis } from 'ioredis';
import { RedisStartError } from '../errors.ts';
import { chooseSocketPath } from './data-folder.ts';
import { findRedisServer } from './find-redis-server.ts';
import type { LockTurn } from './process-lock.ts';
import { connectOnce, startRedisServer } from './server-process.ts';
import { readLivingServer } from './server-record.ts';

interface AttachOptions {
  /** Private folder of the data; its real path. */
  readonly folder: string;
  /** Where a fetched server is kept. */
  readonly dataDir: string;
  readonly connectionName: string;
  readonly logger: Logger;
  readonly turn: LockTurn;
}

interface Attachment {
  readonly client: Redis;
  readonly socketPath: string;
}

/** Milliseconds for a server that runs but accepts no connection, because it starts or ends. */
const acceptWithinMs = 20_000;

/** Milliseconds for a server to appear whose starter was killed before it could write the server's record. */
const orphanMs = 1000;

/**
 * Connects to the Redis of a folder, and starts it before if there is none; waits while it loads its data.
 * Only under the lock.
 * @throws RedisServerMissingError, RedisStartError, DataDirError.
 */
export async function attach(options: AttachOptions): Promise<Attachment> {
  const { folder } = options;
  // A process with another temp directory would look elsewhere, so the path that the living server noted goes first.
  const socketPath = (await readLivingServer(folder))?.socketPath ?? (await chooseSocketPath(folder));
  const running = await sayWhenSlow(options, () => joinRunning(options, socketPath));
  return { client: running ?? (await startAnew(options, socketPath)), socketPath };
}

async function sayWhenSlow<Result>({ folder, logger }: AttachOptions, work: () => Promise<Result>): Promise<Result> {
  const slow = setTimeout(() => logger.info(`The Redis of ${folder} is loading its data: waiting for it.`), 5000);
  return work().finally(() => clearTimeout(slow));
}

/** @returns null when no process listens and no server of ours is alive, so that the socket, if any, is a leftover. */
async function joinRunning({ folder, connectionName, turn }: AttachOptions, socketPath: string): Promise<Redis | null> {
  const began = Date.now();
  for (;;) {
    let reason = 'no process listens there';
    try {
      const client = await connectOnce(socketPath, connectionName);
      if (client !== null) return client;
      const living = await readLivingServer(folder);
      if (living === null && Date.now() - began >= (turn.inherited ? orphanMs : 0)) return null;
    } catch (error) {
      reason = messageOf(error);
    }
    if (Date.now() - began > acceptWithinMs) throw await noConnection(folder, socketPath, reason);
    await sleep(20);
  }
}

async function startAnew(options: AttachOptions, socketPath: string): Promise<Redis> {
  const { folder, dataDir, connectionName, logger } = options;
  await rm(socketPath, { force: true });
  const server = await findRedisServer({ dataDir, logger });
  const client = await sayWhenSlow(options, () => startRedisServer({ server, folder, socketPath, connectionName }));
  logger.info(`Started the embedded Redis of ${folder}.`);
  return client;
}

async function noConnection(folder: string, socketPath: string, reason: string): Promise<RedisStartError> {
  const living = await readLivingServer(folder);
  const advice = living === null ? 'End the process that listens there' : `End it (kill ${living.pid})`;
  return new RedisStartError(
    `The embedded Redis of ${folder} runs but takes no connection on ${socketPath}: ${reason}. ${advice} and try again.`,
  );
}
