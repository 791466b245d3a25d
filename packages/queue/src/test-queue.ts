import { randomUUID } from 'node:crypto';
import { type Keyspace, LuaScript, type RedisClient } from '@inventory/redis';
import { Queue } from 'bullmq';
import { z } from 'zod';
import { paceKeys, queueName, reasonOf } from './keys.ts';
import { LivingJobs } from './living-jobs.ts';
import type { Pace } from './pace.ts';

/** Version of the job's data. A worker that meets a newer one leaves the job to newer workers. */
export const jobVersion = 1;

/** Read before anything else: the data of a newer version may have any other shape. */
export const jobDataVersion = z.object({ v: z.number() });

/** All that a job carries: the state of the test is in its checkpoint, never here. */
export const jobData = z.object({ testUuid: z.string().min(1), v: z.number() });
export type JobData = z.output<typeof jobData>;

/**
 * Lower goes first. A delayed retry is put at the front; put back or rechecked tests keep their place. Doubted tests are
 * asked before new ones, whose first 200 would end the doubt.
 */
const priorities = { retry: 1, doubted: 5, new: 10, recheck: 20 } as const;

/** Priority of a job that comes back after a back-off: before all others, so that it is next in line. */
export const retryPriority = priorities.retry;

/** How many tests go to Redis at once. */
const batch = 500;

/** A test to enqueue, and what for, which gives its place in the queue. */
export interface Enqueued {
  readonly uuid: string;
  readonly why: Exclude<keyof typeof priorities, 'retry'>;
}

/** How many jobs there are in each state. */
export interface JobCounts {
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  readonly failed: number;
}

/** Deletes a key if it still has the value it had; says `another` if it has a new one. */
const deleteIfStill = new LuaScript(`
local value = redis.call('GET', KEYS[1])
if value and value ~= ARGV[1] then return 'another' end
redis.call('DEL', KEYS[1])
return 'deleted'
`);

/** The queue of tests: one job per test, however often it is enqueued, until the test has its outcome. */
export class TestQueue {
  /** For those who show or process the queue. */
  readonly bull: Queue<JobData>;
  /** Which tests have a job that will have its turn. */
  readonly living: LivingJobs;
  readonly #client: RedisClient;
  readonly #heldKey: string;
  readonly #failingKey: string;
  readonly #pace: Pace;

  constructor(keyspace: Keyspace, pace: Pace) {
    const { client, prefix } = keyspace;
    this.bull = new Queue<JobData>(queueName, { connection: client, prefix });
    // Without a listener an unreachable Redis would end the process; the connection says so itself.
    this.bull.on('error', () => undefined);
    this.living = new LivingJobs(client, this.bull);
    this.#client = client;
    this.#heldKey = paceKeys(keyspace).held;
    this.#failingKey = paceKeys(keyspace).failing;
    this.#pace = pace;
  }

  /**
   * Enqueues tests; one that is in the queue already stays where it is, and what is left of a lost job does not count
   * as one. The limit is set before the first job.
   */
  async enqueue(tests: readonly Enqueued[]): Promise<void> {
    if (tests.length === 0) return;
    await this.#pace.assertLimit();
    for (let from = 0; from < tests.length; from += batch) {
      const some = tests.slice(from, from + batch);
      await this.living.without(some.map(({ uuid }) => uuid));
      // One by one, not as one pipeline: when a connection breaks, ioredis sends commands again, but gives up pipelines.
      await Promise.all(some.map((test) => this.#add(test)));
    }
  }

  #add({ uuid, why }: Enqueued): Promise<unknown> {
    return this.bull.add(
      'test',
      { testUuid: uuid, v: jobVersion },
      {
        priority: priorities[why],
        deduplication: { id: uuid },
        removeOnComplete: { count: 1000 },
        removeOnFail: { count: 1000 },
      },
    );
  }

  /**
   * Takes the jobs of tests out of the queue, so that they use no turn of the limit. A job that a worker is
   * processing stays: the worker finds that there is nothing to do.
   */
  async drop(uuids: readonly string[]): Promise<void> {
    for (let from = 0; from < uuids.length; from += batch) {
      await Promise.all(
        uuids.slice(from, from + batch).map(async (uuid) => {
          const job = await this.bull.getDeduplicationJobId(uuid);
          if (job) await this.bull.remove(job);
        }),
      );
    }
  }

  /**
   * Deletes what the queue still holds of tests whose jobs have ended: completed and failed jobs, events that name them,
   * and that their requests have failed.
   * @param uuids null = of all tests
   */
  async erase(uuids: ReadonlySet<string> | null): Promise<void> {
    const ended = await this.bull.getJobs(['completed', 'failed']);
    for (const job of ended) if (uuids?.has(job.data.testUuid) ?? true) await job.remove();
    if (uuids === null) await this.#client.del(this.#failingKey);
    else if (uuids.size > 0) await this.#client.srem(this.#failingKey, ...uuids);
    const events = this.bull.toKey('events');
    if (uuids === null) return void (await this.#client.xtrim(events, 'MAXLEN', 0));
    let from = '-';
    for (;;) {
      const entries = await this.#client.xrange(events, from, '+', 'COUNT', 1000);
      const ids = entries.filter(([, fields]) => fields.some((text) => uuids.has(text))).map(([id]) => id);
      if (ids.length > 0) await this.#client.xdel(events, ...ids);
      const last = entries.at(-1);
      if (last === undefined) return;
      from = `(${last[0]}`;
    }
  }

  async counts(): Promise<JobCounts> {
    const counts = await this.bull.getJobCounts('waiting', 'prioritized', 'active', 'delayed', 'failed');
    return {
      waiting: (counts['waiting'] ?? 0) + (counts['prioritized'] ?? 0),
      active: counts['active'] ?? 0,
      delayed: counts['delayed'] ?? 0,
      failed: counts['failed'] ?? 0,
    };
  }

  /** When the first delayed job is tried again, epoch ms of Redis' clock; null when none is delayed. */
  async nextRetryAt(): Promise<number | null> {
    const [, score] = await this.#client.zrange(this.bull.toKey('delayed'), '0', '0', 'WITHSCORES');
    return score === undefined ? null : Math.floor(Number(score) / 4096);
  }

  /** Stops all workers until {@link release}. The reason is written first, so that a pause always has one. */
  async hold(reason: string): Promise<void> {
    const [seconds] = await this.#client.time();
    await this.#client.set(this.#heldKey, `${reason}:${randomUUID()}:${Number(seconds) * 1000}`);
    await this.bull.pause();
  }

  /** Why the queue is held, or null. */
  async held(): Promise<string | null> {
    return reasonOf(await this.#client.get(this.#heldKey));
  }

  /** Where one half of a hold was lost, a reason pauses the queue again, and a pause without a reason ends. */
  async mendHold(): Promise<void> {
    const [held, paused] = [await this.held(), await this.bull.isPaused()];
    if (held !== null && !paused) await this.bull.pause();
    if (held === null && paused) await this.bull.resume();
  }

  /** Lets workers continue, if the queue is held for this reason. @returns whether it was */
  async release(reason: string): Promise<boolean> {
    const held = await this.#client.get(this.#heldKey);
    if (held === null || reasonOf(held) !== reason) return false;
    await this.bull.resume();
    const heldAgain = (await deleteIfStill.run(this.#client, [this.#heldKey], [held])) === 'another';
    if (heldAgain) await this.bull.pause();
    return true;
  }

  async close(): Promise<void> {
    await this.bull.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
