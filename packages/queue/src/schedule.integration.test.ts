import { randomUUID } from 'node:crypto';
import { Keyspace } from '@inventory/redis';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { recordedLogger } from '../../../test/support/recorded-logger.ts';
import { until } from '../../../test/support/until.ts';
import { type KeepScheduleOptions, keepSchedule, readSchedules } from './schedule.ts';

const everySecond = '* * * * * *';
const nightly = '0 2 * * *';

let client: Redis;
let prefix: string;
let queue: Queue;
let kept: { readonly stop: () => Promise<void> }[];

beforeEach(() => {
  client = new Redis(inject('redisUrl'), { maxRetriesPerRequest: null });
  prefix = `{${randomUUID()}}`;
  queue = new Queue('schedule', { connection: client, prefix });
  kept = [];
});
afterEach(async () => {
  for (const { stop } of kept) await stop();
  await queue.close();
  client.disconnect();
});

/** One process that keeps the schedule of all workspaces, until `stop`. */
function keeper(options: Partial<KeepScheduleOptions> = {}) {
  const stopping = new AbortController();
  const times: number[] = [];
  const keeping = keepSchedule({
    keyspace: new Keyspace(client, prefix),
    selection: 'all',
    pattern: everySecond,
    timeZone: 'UTC',
    run: async () => undefined,
    onNext: (at) => void times.push(at),
    logger: recordedLogger().logger,
    signal: stopping.signal,
    ...options,
  });
  const stop = async (): Promise<void> => {
    stopping.abort();
    await keeping;
  };
  kept.push({ stop });
  return { times, stop };
}

it('each tick is run once, however many processes keep the schedule, and takes no turn of the limit', async () => {
  let runs = 0;
  const run = async () => {
    runs += 1;
  };
  const keepers = [keeper({ run }), keeper({ run }), keeper({ run })];
  await until('three ticks', () => runs >= 3);
  for (const { stop } of keepers) await stop();
  const ticks = await queue.getCompleted();
  expect(new Set(ticks.map(({ id }) => id)).size).toBe(runs);
  expect(await queue.getJobSchedulersCount()).toBe(1);
  expect(await client.keys(`${prefix}:*limiter`)).toEqual([]);
});

it('ticks that come while a run goes on are one run after it, never a second one beside it', async () => {
  let release = (): void => undefined;
  const first = new Promise<void>((resolve) => {
    release = resolve;
  });
  const going = { now: 0, most: 0, started: 0 };
  const run = async () => {
    going.started += 1;
    going.now += 1;
    going.most = Math.max(going.most, going.now);
    await first;
    going.now -= 1;
  };
  keeper({ run });
  keeper({ run });
  await until('the next tick waits', async () => (await queue.getWaitingCount()) === 1);
  expect(going).toEqual({ now: 1, most: 1, started: 1 });
  release();
  await until('it is run', () => going.started >= 2);
  expect(going.most).toBe(1);
});

it('the latest start decides when the schedule ticks', async () => {
  const before = keeper({ pattern: '0 2 * * *' });
  await until('it stands', () => before.times.length === 1);
  const after = keeper({ pattern: '0 3 * * *', timeZone: 'Europe/Berlin' });
  await until('it stands', () => after.times.length === 1);
  expect(await queue.getJobSchedulers()).toEqual([
    expect.objectContaining({ pattern: '0 3 * * *', tz: 'Europe/Berlin', next: after.times[0] }),
  ]);
  expect(await queue.getDelayedCount()).toBe(1);
});

it('a tick at which no process was running is not repeated at the next start', async () => {
  const left = keeper({ run: () => new Promise(() => undefined), pattern: nightly });
  await until('it stands', () => left.times.length === 1);
  await left.stop();
  const [tick] = await queue.getDelayed();
  await tick?.promote();
  let runs = 0;
  const { times } = keeper({
    pattern: nightly,
    run: async () => {
      runs += 1;
    },
  });
  await until('it stands', () => times.length === 1);
  await until('its worker waits', async () => (await queue.getWorkersCount()) === 1);
  expect(await queue.getJobCounts('waiting', 'active', 'delayed')).toEqual({ waiting: 0, active: 0, delayed: 1 });
  expect(runs).toBe(0);
});

it('a run that is cut off by the end of its process goes to another one', async () => {
  let end = (): void => undefined;
  const cutOff = new Promise<void>((resolve) => {
    end = resolve;
  });
  let begun = false;
  const first = keeper({
    run: async () => {
      begun = true;
      await cutOff;
    },
  });
  await until('it has begun', () => begun);
  const [tick] = await queue.getActive();
  const stopped = first.stop();
  end();
  await stopped;
  keeper({ pattern: nightly });
  await until('the same tick is done', async () => {
    const done = await queue.getCompleted();
    return done.some(({ id }) => id === tick?.id);
  });
});

it('a run that fails is recorded with its reason, and the schedule goes on', async () => {
  let runs = 0;
  const { times } = keeper({
    run: async () => {
      runs += 1;
      if (runs === 1) throw new Error('the API is away');
    },
  });
  await until('the next run', () => runs >= 2);
  const failed = await queue.getFailed();
  expect(failed.map(({ failedReason }) => failedReason)).toEqual(['the API is away']);
  expect(times.length).toBeGreaterThanOrEqual(2);
});

it('a Redis that was emptied is given the schedule again', async () => {
  const { times } = keeper({ pattern: nightly, lookEveryMs: 50 });
  await until('it stands', () => times.length === 1);
  await client.unlink(...(await client.keys(`${prefix}:*`)));
  await until('it stands again', () => times.length === 2);
  expect(await queue.getDelayedCount()).toBe(1);
});

it('others can read which schedules are kept, when each ticks next, and whether the process that kept it is gone', async () => {
  const keyspace = new Keyspace(client, prefix);
  const { times, stop } = keeper({ pattern: nightly, timeZone: 'Europe/Berlin' });
  await until('it stands', () => times.length === 1);
  const now = Date.now();
  const schedule = { selection: 'all', pattern: nightly, timeZone: 'Europe/Berlin', nextAt: times[0] };
  expect(await readSchedules(keyspace, now)).toEqual([expect.objectContaining(schedule)]);
  expect(await readSchedules(keyspace, now + 120_000)).toEqual([
    expect.objectContaining({ ...schedule, nextAt: null }),
  ]);
  expect(await readSchedules(keyspace, now + 25 * 3_600_000)).toEqual([]);
  await stop();
  expect(await readSchedules(keyspace, now)).toEqual([]);
});

it('the schedules of two selections have nothing to do with each other', async () => {
  const [all, some] = [keeper({ pattern: nightly }), keeper({ pattern: '0 5 * * *', selection: 'w1,w2' })];
  await until('both stand', () => all.times.length === 1 && some.times.length === 1);
  expect(await queue.getJobSchedulers()).toEqual([expect.objectContaining({ pattern: nightly })]);
});
