import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Logger, messageOf } from '@inventory/logger';
import type { Redis } from 'ioredis';
import { connectionName } from '../client.ts';
import { attach } from './attach.ts';
import { explainDataDirError, preparePrivateFolder } from './data-folder.ts';
import { type LockTurn, withProcessLock } from './process-lock.ts';
import { stopRedisServer } from './server-process.ts';

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
