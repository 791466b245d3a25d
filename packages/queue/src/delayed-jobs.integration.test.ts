import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type OpenedTestQueue, openTestQueue } from '../../../test/support/open-test-queue.ts';
import { DelayedJobs } from './delayed-jobs.ts';
import { paceKeys } from './keys.ts';

const minute = 60_000;
/** What a busy machine may take between an act and the look at it, ms. */
const slack = 20_000;

let bench: OpenedTestQueue;
let delayed: DelayedJobs;
let keys: ReturnType<typeof paceKeys>;
const localNow = Date.now;

beforeEach(async () => {
  bench = await openTestQueue(0);
  delayed = new DelayedJobs(bench.keyspace);
  keys = paceKeys(bench);
});
afterEach(async () => {
  Date.now = localNow;
  await bench[Symbol.asyncDispose]();
});

async function redisNow(): Promise<number> {
  const [seconds, micros] = await bench.client.time();
  return Number(seconds) * 1000 + Number(micros) / 1000;
}

/** When the delayed job is due, ms from now by Redis' clock. */
async function dueIn(): Promise<number> {
  const [, score = '0'] = await bench.client.zrange(keys.delayed, '0', '0', 'WITHSCORES');
  return Number(score) / 4096 - (await redisNow());
}

describe('a test that is tried again later', () => {
  it.each([
    ['ahead', 10 * minute],
    ['behind', -10 * minute],
  ])('is due by Redis’ clock, also where the clock of its worker is ten minutes %s', async (_, skew) => {
    Date.now = () => localNow() + skew;
    const { uuid } = await enqueueOne();
    bench.slots({ activate: async () => ({ next: 'later', delayMs: 60 * minute }) });
    await expect.poll(() => bench.client.zcard(keys.delayed)).toBe(1);
    await expect.poll(dueIn).toBeLessThanOrEqual(60 * minute);
    expect(await dueIn()).toBeGreaterThan(60 * minute - slack);
    expect(uuid).toBe('t');
  });

  it('is taken up when it is due, by a worker whose clock is ten minutes behind', async () => {
    await enqueueOne();
    Date.now = () => localNow() - 10 * minute;
    let activations = 0;
    bench.slots({
      activate: async () => {
        activations += 1;
        return activations === 1 ? { next: 'later', delayMs: 50 } : { next: 'finish' };
      },
    });
    await expect.poll(() => activations).toBe(2);
    await expect.poll(() => bench.client.zcard(keys.delayed)).toBe(0);
  });
});

describe('waits that Redis’ clock has lengthened', () => {
  it('are as long as they were meant to be: delays, locks, and the look for dead workers', async () => {
    const hourAhead = (await redisNow()) + 60 * minute;
    await bench.client.zadd(keys.delayed, hourAhead * 4096, 'late', (await redisNow()) * 4096, 'soon');
    await bench.client.lpush(keys.active, '7');
    await bench.client.set(`${keys.jobs}7:lock`, 'token', 'PX', 60 * minute);
    await bench.client.set(keys.stalledCheck, 1, 'PX', 60 * minute);
    await delayed.shorten();
    const [, , last = 'late', score = '0'] = await bench.client.zrange(keys.delayed, '0', '-1', 'WITHSCORES');
    expect(last).toBe('late');
    expect(Number(score) / 4096 - (await redisNow())).toBeLessThanOrEqual(6 * minute);
    expect(await bench.client.pttl(`${keys.jobs}7:lock`)).toBeLessThanOrEqual(10_000);
    expect(await bench.client.pttl(keys.stalledCheck)).toBeLessThanOrEqual(5_000);
    expect(await bench.client.zcard(keys.delayed)).toBe(2);
  });
});

async function enqueueOne(): Promise<{ uuid: string }> {
  const test = { uuid: 't', why: 'new' } as const;
  await bench.queue.enqueue([test]);
  return test;
}
