import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Logger, messageOf } from '@inventory/logger';
import type { Redis } from 'ioredis';
import { connectionName } from '../client.ts';
import { RedisStartError } from '../errors.ts';
import { chooseSocketPath, explainDataDirError, preparePrivateFolder } from './data-folder.ts';
import { findRedisServer } from './find-redis-server.ts';
import { type LockTurn, withProcessLock } from './process-lock.ts';
import { connectOnce, startRedisServer, stopRedisServer } from './server-process.ts';
import { readLivingServer } from './server-record.ts';

export interface JoinEmbeddedRedisOptions {
  readonly dataDir: string;
  /** What this process is; part of the name of its connection. */
  readonly name: string;
  readonly logger: Logger;
}

export interface EmbeddedRedis {
  readonly socketPath: string;
  /** Detaches; the last one out stops Redis. Never throws: what goes wrong is logged. */
  leave(): Promise<void>;
}

/** Connections with such names are the ones that count as attached. */
const attachedPrefix = connectionName('attached', '');

const lockPatienceMs = 15 * 60_000;

/**
 * Starts the embedded Redis of a data folder, or joins the one that runs. Being attached is one open connection with a
 * name, so a killed process is detached by the system. When Redis dies it is started again.
 * @throws RedisServerMissingError, RedisStartError, DataDirError.
 */
export async function joinEmbeddedRedis(options: JoinEmbeddedRedisOptions): Promise<EmbeddedRedis> {
  const { dataDir, name, logger } = options;
  const folder = await preparePrivateFolder(join(dataDir, 'redis'));
  const ownName = connectionName('attached', name, process.pid, randomUUID());
  const onWait = (pid: number): void => logger.info(`Process ${pid} is starting or stopping Redis: waiting for it.`);
  const locked = <Result>(work: (turn: LockTurn) => Promise<Result>): Promise<Result> =>
    withProcessLock({ folder: join(folder, 'lock'), patienceMs: lockPatienceMs, onWait }, work).catch(
      (error: unknown) => {
        throw explainDataDirError(error, folder);
      },
    );
  const attachUnderLock = () => locked((turn) => attach({ ...options, folder, connectionName: ownName, turn }));

  let leaving = false;
  let recovery = Promise.resolve();
  let { client, socketPath } = await attachUnderLock();
  const keepAttached = (current: Redis): void => {
    current.once('end', () => {
      if (!leaving) recovery = recover();
    });
  };
  const recover = async (): Promise<void> => {
    logger.warn('The embedded Redis ended unexpectedly: starting it again.');
    for (let attempt = 1; !leaving; attempt += 1) {
      try {
        ({ client } = await attachUnderLock());
        keepAttached(client);
        return;
      } catch (error) {
        if (attempt === 1) logger.error(`${messageOf(error)} Retrying.`);
        await sleep(Math.min(attempt * 200, 1000));
      }
    }
  };
  keepAttached(client);
  const leave = async (): Promise<void> => {
    leaving = true;
    await recovery;
    try {
      await locked(() => detach(folder, client, ownName, logger));
    } catch (error) {
      logger.warn(`The embedded Redis could not be stopped: ${messageOf(error)}`);
    } finally {
      client.disconnect();
    }
  };
  return { socketPath, leave };
}

async function detach(folder: string, client: Redis, ownName: string, logger: Logger): Promise<void> {
  if (client.status !== 'ready') return;
  const list = String(await client.client('LIST'));
  const attached = [...list.matchAll(/ name=(\S*)/g)].map(([, name = '']) => name);
  if (attached.some((name) => name.startsWith(attachedPrefix) && name !== ownName)) {
    client.disconnect();
    return;
  }
  await stopRedisServer(folder, client);
  logger.debug('Stopped the embedded Redis: no other process is attached.');
}

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
async function attach(options: AttachOptions): Promise<Attachment> {
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
  logger.debug(`Started the embedded Redis of ${folder}.`);
  return client;
}

async function noConnection(folder: string, socketPath: string, reason: string): Promise<RedisStartError> {
  const living = await readLivingServer(folder);
  const advice = living === null ? 'End the process that listens there' : `End it (kill ${living.pid})`;
  return new RedisStartError(
    `The embedded Redis of ${folder} runs but takes no connection on ${socketPath}: ${reason}. ${advice} and try again.`,
  );
}
