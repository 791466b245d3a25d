// A process of a peer, which can be killed: what somebody else would write with a library after its documentation. All options
// that are not named have their defaults. Arguments: which peer, Redis' socket, prefix, interval in ms; where the API is, is in
// the environment.
import { setTimeout as sleep } from 'node:timers/promises';
import Bottleneck from 'bottleneck';
import { type Job, Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { askAll, askNext, type KnownTest, openApi } from './tutorial.ts';

const [peer = '', path = '', prefix = '', interval] = process.argv.slice(2);
const connection = new Redis(path, { maxRetriesPerRequest: null });
const ask = await openApi(process.env);
const intervalMs = Number(interval);
const concurrency = 10;
const noteDone = (uuid: string) => connection.sadd(`${prefix}:done`, uuid);

const peers = {
  /** What one would write first with BullMQ. The limiter counts jobs, not requests, and lets them start in bursts. */
  jobPerTest() {
    const limiter = { max: 10, duration: 10 * intervalMs };
    const work = ({ data: { uuid } }: Job<KnownTest>) => askAll(ask, uuid).then(() => noteDone(uuid));
    new Worker('peer', work, { connection, prefix, concurrency, limiter });
  },

  /** A job is one request about one test, with what was answered before. It keeps the pace as this program does. */
  jobPerRequest() {
    const limiter = { max: 1, duration: intervalMs };
    const queue = new Queue<KnownTest>('peer', { connection, prefix });
    const work = async ({ data }: Job<KnownTest>) => {
      const next = await askNext(ask, data);
      await (next.category === null ? queue.add('request', next) : noteDone(next.uuid));
    };
    new Worker('peer', work, { connection, prefix, concurrency, limiter });
  },

  /**
   * Bottleneck keeps its jobs in memory and shares the limit only, so that the tests are in two lists: those that wait,
   * and those that a process has taken, which the next one puts back. Without an `expiration`, the jobs of a killed
   * process would count as running for ever.
   */
  async bottleneck() {
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
          await Promise.all([noteDone(uuid), connection.lrem(taken, 1, uuid)]);
        }
      }
    };
    for (let lanes = 0; lanes < concurrency; lanes += 1) void lane();
  },
};

await peers[peer as keyof typeof peers]();
process.stdout.write('ready for tests\n');
