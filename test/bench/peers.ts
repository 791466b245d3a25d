import { setTimeout as sleep } from 'node:timers/promises';
import type { RedisClient } from '@inventory/redis';
import Bottleneck from 'bottleneck';
import { Queue, Worker, type WorkerOptions } from 'bullmq';
import { Redis } from 'ioredis';
import { type Ask, askAll, askNext, type KnownTest } from './api.ts';

/** Where a peer keeps what its processes share. */
interface PeerPlace {
  readonly connection: RedisClient;
  readonly prefix: string;
}

interface PeerWork extends PeerPlace {
  readonly ask: Ask;
  readonly intervalMs: number;
  /** Notes that a test has its outcome. */
  readonly done: (uuid: string) => Promise<unknown>;
}

/** What somebody else would write with a library after its documentation: all options that are not named have their defaults. */
interface Peer {
  readonly name: string;
  /** Hands the tests to its processes. */
  readonly enqueue: (place: PeerPlace, uuids: readonly string[]) => Promise<unknown>;
  /** Works in this process until it is killed. */
  readonly work: (work: PeerWork) => Promise<unknown>;
}

const concurrency = 10;

const queueOf = ({ connection, prefix }: PeerPlace) => new Queue<KnownTest>('peer', { connection, prefix });

async function enqueue(place: PeerPlace, uuids: readonly string[]): Promise<void> {
  const queue = queueOf(place);
  await queue.addBulk(uuids.map((uuid) => ({ name: 'request', data: { uuid, evidence: {}, category: null } })));
  await queue.close();
}

function startBullMq(
  { connection, prefix }: PeerPlace,
  limiter: NonNullable<WorkerOptions['limiter']>,
  work: (test: KnownTest) => Promise<unknown>,
): void {
  new Worker<KnownTest>('peer', ({ data }) => work(data), { connection, prefix, concurrency, limiter });
}

/** What one would write first with BullMQ. The limiter counts jobs, not requests, and lets them start in bursts. */
const jobPerTest: Peer = {
  name: 'BullMQ limiter of 10 a window, one job a test',
  enqueue,
  async work({ ask, intervalMs, done, ...place }) {
    startBullMq(place, { max: 10, duration: 10 * intervalMs }, async ({ uuid }) => {
      await askAll(ask, uuid);
      await done(uuid);
    });
  },
};

/** A job is one request about one test, with what was answered before. It keeps the pace as this program does. */
const jobPerRequest: Peer = {
  name: 'BullMQ limiter of one an interval, one job a request',
  enqueue,
  async work({ ask, intervalMs, done, ...place }) {
    const queue = queueOf(place);
    startBullMq(place, { max: 1, duration: intervalMs }, async (test) => {
      const next = await askNext(ask, test);
      await (next.category === null ? queue.add('request', next) : done(next.uuid));
    });
  },
};

/**
 * Bottleneck keeps its jobs in memory and shares the limit only, so that the tests are in two lists: those that wait, and
 * those that a process has taken, which the next one puts back. Without an `expiration`, the jobs of a killed process would
 * count as running for ever.
 */
const bottleneck: Peer = {
  name: 'Bottleneck on Redis, one job a request',
  enqueue: ({ connection, prefix }, uuids) => connection.rpush(`${prefix}:waiting`, ...uuids),
  async work({ connection, prefix, ask, intervalMs, done }) {
    const [waiting, taken] = [`${prefix}:waiting`, `${prefix}:taken`];
    while ((await connection.lmove(taken, waiting, 'RIGHT', 'LEFT')) !== null);
    const limiter = new Bottleneck({
      ...{ minTime: intervalMs, maxConcurrent: concurrency, id: prefix, datastore: 'ioredis' },
      connection: new Bottleneck.IORedisConnection({ client: connection, Redis }),
    });
    await limiter.ready();
    const lane = async (): Promise<never> => {
      for (;;) {
        const uuid = await connection.lmove(waiting, taken, 'LEFT', 'RIGHT');
        if (uuid === null) await sleep(20);
        else {
          await askAll((path) => limiter.schedule({ expiration: 10_000 }, () => ask(path)), uuid);
          await Promise.all([done(uuid), connection.lrem(taken, 1, uuid)]);
        }
      }
    };
    for (let lanes = 0; lanes < concurrency; lanes += 1) void lane();
  },
};

export const peers = { jobPerTest, jobPerRequest, bottleneck };
export type PeerName = keyof typeof peers;
