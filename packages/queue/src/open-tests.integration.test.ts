import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeUnconfirmed } from '../../../test/support/checkpoints.ts';
import { type OpenedTestQueue, openTestQueue } from '../../../test/support/open-test-queue.ts';
import { OpenTests } from './open-tests.ts';

let bench: OpenedTestQueue;
let openTests: OpenTests;
beforeEach(async () => {
  bench = await openTestQueue(0);
  openTests = new OpenTests(bench.checkpoints.inventory, bench.queue);
});
afterEach(() => bench[Symbol.asyncDispose]());

const fresh = (...uuids: string[]) => uuids.map((uuid) => ({ uuid, why: 'new' as const }));
const key = (name: string) => `${bench.prefix}:classify:${name}`;
const jobKey = async (uuid: string) => key((await bench.client.get(key(`de:${uuid}`))) ?? 'none');

/** Has every job done, and says for which tests in which order. */
function finishAll(): string[] {
  const seen: string[] = [];
  bench.slots({
    activate: async (uuid) => {
      seen.push(uuid);
      const verdict = { category: 'survey', rule: 'no media', source: 'probed' } as const;
      await bench.checkpoints.test.decide(uuid, verdict, 'tutorial');
      return { next: 'finish' };
    },
  });
  return seen;
}

/** Looks until nothing is open: each test is worked on once. */
async function workedOnOnce(...uuids: string[]): Promise<void> {
  const seen = finishAll();
  await expect
    .poll(async () => {
      await openTests.requeue();
      return (await bench.checkpoints.inventory.totals()).open;
    })
    .toBe(0);
  expect([...seen].sort()).toEqual(uuids);
}

describe('open tests are enqueued again', () => {
  it('when the queue has nothing to do, also where the mark or the record of a job stayed', async () => {
    await bench.open('lost', 'never', 'orphan', 'stray');
    await bench.queue.enqueue(fresh('lost', 'orphan', 'stray'));
    const orphan = await jobKey('orphan');
    const lost = await jobKey('lost');
    await bench.client.del(key('de:lost'), lost, orphan, key('prioritized'));
    expect(await openTests.requeue()).toBe(4);
    await workedOnOnce('lost', 'never', 'orphan', 'stray');
  });

  it('while others wait, are delayed or active', async () => {
    await bench.open('a', 'b', 'c');
    await bench.queue.enqueue(fresh('a', 'b', 'c'));
    await bench.client.del(await jobKey('b'));
    await openTests.requeue();
    await openTests.requeue();
    expect((await bench.queue.counts()).waiting).toBe(3);
    await workedOnOnce('a', 'b', 'c');
  });

  it('but for those whose job waits, is delayed or active', async () => {
    await bench.open('a');
    await bench.queue.enqueue(fresh('a'));
    expect(await openTests.requeue()).toBe(0);
    let end: () => void = () => undefined;
    bench.slots({
      activate: () =>
        new Promise((resolve) => {
          end = () => resolve({ next: 'later', delayMs: 60_000 });
        }),
    });
    await expect.poll(async () => (await bench.queue.counts()).active).toBe(1);
    expect(await openTests.requeue()).toBe(0);
    end();
    await expect.poll(async () => (await bench.queue.counts()).delayed).toBe(1);
    expect(await openTests.requeue()).toBe(0);
  });

  it.each(['wait', 'prioritized', 'active', 'delayed', 'meta', 'id', 'pc', 'marker', 'stalled', 'events'])(
    'and worked on once after the key %s was lost',
    async (name) => {
      await bench.open('a', 'b', 'c');
      await bench.queue.enqueue(fresh('a', 'b'));
      await bench.client.del(key(name));
      await bench.queue.enqueue(fresh('c'));
      await workedOnOnce('a', 'b', 'c');
    },
  );

  it('not as long as the job of a worker that lost its list is active', async () => {
    await bench.open('a');
    await bench.queue.enqueue(fresh('a'));
    let asked = 0;
    let answer: () => void = () => undefined;
    bench.slots({
      activate: async () => {
        asked += 1;
        await new Promise<void>((resolve) => {
          answer = resolve;
        });
        return { next: 'finish' };
      },
    });
    await expect.poll(() => asked).toBe(1);
    await bench.client.del(key('active'));
    expect(await openTests.requeue()).toBe(0);
    answer();
  });

  it('as one job where only the mark was lost', async () => {
    await bench.open('a', 'b');
    await bench.queue.enqueue(fresh('a', 'b'));
    await bench.client.del(key('de:a'), key('de:b'));
    for (const _ of [1, 2, 3]) expect(await openTests.requeue()).toBe(0);
    await bench.queue.enqueue(fresh('a', 'b'));
    expect((await bench.queue.counts()).waiting).toBe(2);
  });

  it('behind new ones where they have an outcome and are looked at again', async () => {
    await bench.open('new', 'again');
    await bench.client.hset(`${bench.prefix}:verdicts`, 'again', '{}');
    await openTests.requeue();
    const jobs = await bench.queue.bull.getJobs(['prioritized']);
    const priorities = Object.fromEntries(jobs.map(({ data, opts }) => [data.testUuid, opts.priority]));
    expect(priorities).toEqual({ new: 10, again: 20 });
  });

  it('before new ones where nothing confirms the outcome that they have: a new one’s 200 would', async () => {
    await bench.open('a', 'doubted');
    const verdict = { category: 'ClassicUT', rule: 'sessions-not-found', source: 'probed' } as const;
    await bench.checkpoints.test.decide('doubted', verdict, 'tutorial');
    await makeUnconfirmed(bench.checkpoints, 'doubted');
    // The process has died before it could enqueue it.
    await bench.checkpoints.known.openUnconfirmed((await bench.open('b')).id);
    await openTests.requeue();
    const jobs = await bench.queue.living.inFront(3);
    expect(jobs.map(({ uuid }) => uuid)).toEqual(['doubted', expect.any(String), expect.any(String)]);
  });

  it('by several processes at once as one job a test', async () => {
    const uuids = Array.from({ length: 30 }, (_, index) => `t${index}`);
    await bench.open(...uuids);
    const processes = [1, 2, 3].map(() => new OpenTests(bench.checkpoints.inventory, bench.queue));
    await Promise.all(processes.map((each) => each.requeue()));
    expect((await bench.queue.counts()).waiting).toBe(30);
  });
});

describe('jobs that have nothing to do use no turn', () => {
  it('whether their test is not open, has another job, or their record was lost', async () => {
    await bench.open('open', 'twice', 'gone');
    await bench.queue.enqueue(fresh('open', 'done', 'twice', 'gone'));
    await bench.client.del(key('de:twice'), await jobKey('gone'));
    await bench.queue.enqueue(fresh('twice'));
    expect((await bench.queue.counts()).waiting).toBe(5);
    await openTests.requeue();
    const jobs = await bench.queue.bull.getJobs(['prioritized']);
    expect(jobs.map(({ data }) => data.testUuid).sort()).toEqual(['gone', 'open', 'twice']);
  });

  it('a job whose record was lost fails nothing, and its test is enqueued by whoever lists it', async () => {
    await bench.open('a');
    await bench.queue.enqueue(fresh('a'));
    await bench.client.del(await jobKey('a'));
    const seen = finishAll();
    await expect.poll(async () => (await bench.queue.counts()).waiting).toBe(0);
    await expect.poll(async () => (await bench.queue.counts()).active).toBe(0);
    expect((await bench.queue.counts()).failed).toBe(0);
    await bench.queue.enqueue(fresh('a'));
    await expect.poll(() => seen).toEqual(['a']);
  });
});
