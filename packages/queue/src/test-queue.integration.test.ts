import { Keyspace } from '@inventory/redis';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { type OpenedTestQueue, openTestQueue } from '../../../test/support/open-test-queue.ts';
import { startRelay } from '../../../test/support/relay.ts';
import { until } from '../../../test/support/until.ts';
import { paceKeys } from './keys.ts';
import { TestQueue } from './test-queue.ts';

let bench: OpenedTestQueue;

beforeEach(async () => {
  bench = await openTestQueue(0);
});
afterEach(() => bench[Symbol.asyncDispose]());

const fresh = (...uuids: string[]) => uuids.map((uuid) => ({ uuid, why: 'new' as const }));
const finishAll = (seen: string[]) =>
  bench.slots({
    activate: async (uuid) => {
      seen.push(uuid);
      return { next: 'finish' };
    },
  });

describe('enqueuing', () => {
  it('the same test twice makes one job, also while it is being worked on', async () => {
    let release: () => void = () => undefined;
    const working = new Promise<void>((resolve) => {
      release = resolve;
    });
    await bench.queue.enqueue(fresh('a', 'a'));
    await bench.queue.enqueue(fresh('a'));
    expect((await bench.queue.counts()).waiting).toBe(1);
    const seen: string[] = [];
    bench.slots({
      activate: async (uuid) => {
        seen.push(uuid);
        await working;
        return { next: 'finish' };
      },
    });
    await expect.poll(() => seen).toEqual(['a']);
    await bench.queue.enqueue(fresh('a'));
    expect(await bench.queue.counts()).toMatchObject({ waiting: 0, active: 1, delayed: 0 });
    release();
    await expect.poll(async () => (await bench.queue.counts()).active).toBe(0);
    expect(seen).toEqual(['a']);
  });

  it('two producers at once make one job a test', async () => {
    const uuids = fresh(...Array.from({ length: 50 }, (_, index) => `t${index}`));
    await Promise.all([bench.queue.enqueue(uuids), bench.queue.enqueue(uuids), bench.queue.enqueue(uuids)]);
    expect((await bench.queue.counts()).waiting).toBe(50);
  });

  it('goes on after a connection that broke in the middle of the answers', async ({ onTestFinished }) => {
    const relay = await startRelay({ to: inject('redisUrl'), afterTest: onTestFinished });
    const client = new Redis({ port: relay.port, maxRetriesPerRequest: null, retryStrategy: () => 10 });
    const queue = new TestQueue(new Keyspace(client, bench.prefix), bench.pace);
    onTestFinished(async () => {
      await queue.close();
      await client.quit();
    });
    relay.cutAnswersTo('testUuid');
    let broken = 0;
    client.on('close', () => (broken += 1));
    await queue.enqueue(fresh(...Array.from({ length: 300 }, (_, index) => `t${index}`)));
    expect(broken).toBe(1);
    expect(await bench.queue.counts()).toMatchObject({ waiting: 300 });
  });

  it('a test whose job has ended can be enqueued again', async () => {
    const seen: string[] = [];
    finishAll(seen);
    await bench.queue.enqueue(fresh('a'));
    await expect.poll(() => bench.queue.bull.getCompletedCount()).toBe(1);
    await bench.queue.enqueue(fresh('a'));
    await expect.poll(() => seen).toEqual(['a', 'a']);
  });

  it('the limit stands before the first job', async () => {
    await bench.queue.enqueue(fresh('a'));
    expect(await bench.client.hgetall(paceKeys(bench).meta)).toMatchObject({ max: '1', duration: '0' });
  });

  it('nothing is nothing', async () => {
    await bench.queue.enqueue([]);
    expect(await bench.queue.counts()).toEqual({ waiting: 0, active: 0, delayed: 0, failed: 0 });
  });

  it('a job carries the test and the version, and nothing that changes', async () => {
    await bench.queue.enqueue(fresh('a'));
    const [job] = await bench.queue.bull.getJobs(['prioritized']);
    expect(job?.data).toEqual({ testUuid: 'a', v: 1 });
  });
});

describe('holding the queue', () => {
  it('stops all work until it is released for the same reason', async () => {
    const seen: string[] = [];
    finishAll(seen);
    await bench.queue.hold('auth');
    await bench.queue.enqueue(fresh('a'));
    expect(await bench.queue.held()).toBe('auth');
    expect(await bench.queue.release('other')).toBe(false);
    expect(await bench.queue.bull.isPaused()).toBe(true);
    expect(seen).toEqual([]);
    expect(await bench.queue.release('auth')).toBe(true);
    await expect.poll(() => seen).toEqual(['a']);
    expect(await bench.queue.held()).toBeNull();
  });

  it('a queue that is not held is not touched by a release', async () => {
    await bench.queue.bull.pause();
    expect(await bench.queue.release('auth')).toBe(false);
    expect(await bench.queue.bull.isPaused()).toBe(true);
  });

  it('that has lost its reason ends, and a reason without a pause pauses again', async () => {
    await bench.queue.hold('auth');
    await bench.client.del(paceKeys(bench).held);
    await bench.queue.mendHold();
    expect(await bench.queue.bull.isPaused()).toBe(false);
    await bench.queue.hold('auth');
    await bench.client.hdel(paceKeys(bench).meta, 'paused');
    await bench.queue.mendHold();
    expect(await bench.queue.bull.isPaused()).toBe(true);
  });

  it('a hold that comes while another one is released is never a pause without a reason', async () => {
    await bench.queue.hold('auth');
    await Promise.all([bench.queue.release('auth'), bench.queue.hold('auth')]);
    if (await bench.queue.bull.isPaused()) expect(await bench.queue.held()).toBe('auth');
  });
});

describe('dropping jobs', () => {
  it('takes the jobs of tests out of the queue, and they can be enqueued again', async () => {
    const { queue } = bench;
    await queue.enqueue(['a', 'b', 'c'].map((uuid) => ({ uuid, why: 'new' as const })));
    await queue.drop(['a', 'c', 'unknown']);
    expect((await queue.counts()).waiting).toBe(1);
    await queue.enqueue([{ uuid: 'a', why: 'new' }]);
    expect((await queue.counts()).waiting).toBe(2);
  });

  it('leaves an active job as it is', async () => {
    const { queue, slots } = bench;
    let finish = (): void => undefined;
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    slots({
      activate: async () => {
        await finished;
        return { next: 'finish' };
      },
    });
    await queue.enqueue([{ uuid: 'a', why: 'new' }]);
    await until('the job is active', async () => (await queue.counts()).active === 1);
    await queue.drop(['a']);
    expect((await queue.counts()).active).toBe(1);
    finish();
    await until('the job is done', async () => (await queue.counts()).active === 0);
  });
});
