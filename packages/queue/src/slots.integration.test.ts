import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type OpenedTestQueue, openTestQueue } from '../../../test/support/open-test-queue.ts';
import { OpenTests } from './open-tests.ts';
import type { Activation } from './run-job.ts';

let bench: OpenedTestQueue;

beforeEach(async () => {
  bench = await openTestQueue(0);
});
afterEach(() => bench[Symbol.asyncDispose]());

const fresh = (...uuids: string[]) => uuids.map((uuid) => ({ uuid, why: 'new' as const }));
const counts = () => bench.queue.counts();
const idle = () => expect.poll(counts, { timeout: 10_000 }).toEqual({ waiting: 0, active: 0, delayed: 0, failed: 0 });

/** Works with one slot and notes the order; what becomes of a test's nth step is up to `next`. */
function work(next: (uuid: string, nth: number) => Activation | Promise<Activation>): string[] {
  const seen: string[] = [];
  bench.slots({
    activate: async (uuid) => {
      seen.push(uuid);
      return next(uuid, seen.filter((each) => each === uuid).length);
    },
  });
  return seen;
}

it('a long limit that is met once and taken back keeps nobody waiting', async () => {
  await using limited = await openTestQueue(20);
  const seen: string[] = [];
  await limited.pace.assertLimit();
  limited.slots({
    activate: async (uuid) => {
      seen.push(uuid);
      return { next: 'finish' };
    },
  });
  await sleep(200);
  // While the listener waits for a job.
  await limited.pace.rest(30_000, 'no token');
  await limited.queue.enqueue(fresh('a'));
  await sleep(700);
  expect(seen).toEqual([]);
  await limited.client.del(`${limited.prefix}:pause`, `${limited.prefix}:classify:limiter`);
  await expect.poll(() => seen, { timeout: 5_000 }).toEqual(['a']);
});

describe('the order of tests', () => {
  it('a test is finished before the next is begun, new ones before rechecks', async () => {
    const recheck = (uuid: string) => ({ uuid, why: 'recheck' as const });
    await bench.queue.enqueue([recheck('r'), ...fresh('a', 'b'), recheck('s')]);
    const seen = work((_uuid, nth) => ({ next: nth < 3 ? 'again' : 'finish' }));
    await idle();
    expect(seen.join('')).toBe('aaabbbrrrsss');
  });

  it('a retry after a back-off is next in line, and stays there for its further steps', async () => {
    await bench.queue.enqueue(fresh('a', 'b', 'c', 'd'));
    const seen = work(async (uuid, nth) => {
      if (uuid === 'a' && nth === 1) return { next: 'later', delayMs: 100 };
      if (uuid === 'b' && nth === 1) await sleep(200);
      return { next: nth < 3 ? 'again' : 'finish' };
    });
    await idle();
    expect(seen.join('')).toBe('abaabbcccddd');
  });

  it('a test that is put back keeps its priority and its mark', async () => {
    await bench.queue.enqueue([{ uuid: 'r', why: 'recheck' }]);
    const seen = work(async (_uuid, nth) => {
      if (nth === 3) await bench.queue.enqueue(fresh('r'));
      return { next: nth < 5 ? 'again' : 'finish' };
    });
    await idle();
    expect(seen).toHaveLength(5);
    expect((await bench.queue.bull.getJobs(['completed'])).map(({ priority }) => priority)).toEqual([20]);
  });

  it('closing lets the running activation end and puts its test back', async () => {
    await bench.queue.enqueue(fresh('a', 'b'));
    let end: (next: Activation) => void = () => undefined;
    const started: string[] = [];
    const slots = bench.slots({
      activate: (uuid) => {
        started.push(uuid);
        return new Promise((resolve) => {
          end = resolve;
        });
      },
    });
    await expect.poll(() => started).toEqual(['a']);
    const closed = slots.close();
    end({ next: 'again' });
    await closed;
    expect(started).toEqual(['a']);
    expect(await counts()).toEqual({ waiting: 2, active: 0, delayed: 0, failed: 0 });
  });
});

describe('jobs of a newer version', () => {
  it.each([
    ['of the same shape', { testUuid: 'a', v: 2 }],
    ['of another shape', { v: 7, uuid: 'a', more: [] }],
  ])('%s end this process and stay in the queue as they are', async (_shape, data) => {
    const onNewerJob = vi.fn();
    const activate = vi.fn();
    await bench.pace.assertLimit();
    await bench.queue.bull.add('test', data as never, { priority: 10 });
    const slots = bench.slots({ activate, onNewerJob });
    await expect.poll(() => onNewerJob.mock.calls.length).toBeGreaterThan(0);
    await slots.close();
    expect(activate).not.toHaveBeenCalled();
    expect(await counts()).toEqual({ waiting: 1, active: 0, delayed: 0, failed: 0 });
    expect((await bench.queue.bull.getJobs(['prioritized', 'waiting']))[0]?.data).toEqual(data);
  });
});

it('a job that somebody else wrote into the queue fails alone; the others go on', async () => {
  await bench.pace.assertLimit();
  await bench.queue.bull.add('test', { hello: 'there' } as never, { priority: 1 });
  await bench.queue.enqueue(fresh('a'));
  const seen = work(() => ({ next: 'finish' }));
  await expect.poll(counts, { timeout: 10_000 }).toEqual({ waiting: 0, active: 0, delayed: 0, failed: 1 });
  expect(seen).toEqual(['a']);
});

describe('a lost lock', () => {
  const lockOf = async (uuid: string) =>
    `${bench.prefix}:classify:${await bench.queue.bull.getDeduplicationJobId(uuid)}:lock`;
  const endings: Activation[] = [{ next: 'finish' }, { next: 'again' }, { next: 'later', delayMs: 10 }];

  it.each(endings)('leaves the job to its new holder, whatever was to become of it ($next)', async (ending) => {
    await bench.queue.enqueue(fresh('a'));
    const lock = await lockOf('a');
    let ended = 0;
    const slots = bench.slots({
      activate: async () => {
        await bench.client.set(lock, 'somebody else', 'PX', 30_000);
        ended += 1;
        return ending;
      },
    });
    await expect.poll(() => ended).toBe(1);
    await slots.close();
    expect(await counts()).toEqual({ waiting: 0, active: 1, delayed: 0, failed: 0 });
    expect(await bench.client.get(lock)).toBe('somebody else');
  });

  it.each(endings)('that nobody has taken yet fails no job ($next)', async (ending) => {
    await bench.queue.enqueue(fresh('a'));
    const lock = await lockOf('a');
    let ended = 0;
    const slots = bench.slots({
      activate: async () => {
        await bench.client.del(lock);
        ended += 1;
        return ending;
      },
    });
    await expect.poll(() => ended).toBe(1);
    await slots.close();
    expect(await counts()).toEqual({ waiting: 0, active: 1, delayed: 0, failed: 0 });
    expect(await bench.queue.bull.getDeduplicationJobId('a')).not.toBeNull();
  });
});

describe('a fault of Redis when a job is put back', () => {
  it.each<Activation>([{ next: 'again' }, { next: 'later', delayMs: 10 }])('fails no job ($next)', async (ending) => {
    await bench.open('a');
    await bench.queue.enqueue(fresh('a'));
    const lists = ['prioritized', 'delayed'].map((name) => `${bench.prefix}:classify:${name}`);
    let ended = 0;
    const slots = bench.slots({
      activate: async () => {
        for (const list of lists) await bench.client.set(list, 'not a list');
        ended += 1;
        return ending;
      },
    });
    await expect.poll(() => ended).toBe(1);
    const closed = slots.close();
    await bench.client.del(lists);
    await closed;
    const { failed, active } = await counts();
    expect(failed).toBe(0);
    // What is still active comes back when its lock has run out, as after a crash (the worker's tests wait for that).
    if (active === 1) return;
    expect(await new OpenTests(bench.checkpoints.inventory, bench.queue).requeue()).toBe(1);
    expect((await counts()).waiting).toBe(1);
  });
});
