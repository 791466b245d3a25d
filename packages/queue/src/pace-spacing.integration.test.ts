import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type OpenedTestQueue, openTestQueue } from '../../../test/support/open-test-queue.ts';
import { paceKeys } from './keys.ts';
import type { Pace } from './pace.ts';
import type { Activation } from './run-job.ts';

const interval = 100;
/** A grant may be used 5 ms late, and Redis counts whole milliseconds. */
const least = interval - 7;

let bench: OpenedTestQueue;
let pace: Pace;
let keys: ReturnType<typeof paceKeys>;

async function open(intervalMs: number): Promise<void> {
  bench = await openTestQueue(intervalMs);
  pace = bench.pace;
  keys = paceKeys(bench);
}
beforeEach(() => open(interval));
afterEach(() => bench[Symbol.asyncDispose]());

const uuids = (count: number) => Array.from({ length: count }, (_, index) => `t${index}`);

describe('the spacing of starts', () => {
  /** Works off jobs as a worker does, with a wait between grant and leave. */
  function work(waitMs: () => number): void {
    bench.slots({
      slots: 6,
      activate: async (_uuid, grantedAt): Promise<Activation> => {
        await sleep(waitMs());
        const permit = await pace.permit(Date.now() - grantedAt);
        if (!permit.go && permit.why === 'unlimited') await pace.assertLimit();
        return permit.go ? { next: 'finish' } : { next: 'again' };
      },
    });
  }

  async function worked(count: number): Promise<void> {
    await expect.poll(bench.starts, { timeout: 40_000 }).toHaveLength(count);
  }

  it('holds although every grant is used late by some of the interval', async () => {
    work(() => interval * 0.6);
    await bench.queue.enqueue(uuids(15).map((uuid) => ({ uuid, why: 'new' })));
    await worked(15);
    expect(await bench.leastSpacing()).toBeGreaterThanOrEqual(least);
  });

  it('holds although grants are used late by anything up to three intervals', async () => {
    let turn = 0;
    const waits = [0, 1.3, 0, 2.9, 0.5, 1.05, 0, 0.95, 2.1, 1.6].map((intervals) => intervals * interval);
    work(() => waits[turn++ % waits.length] ?? 0);
    await bench.queue.enqueue(uuids(20).map((uuid) => ({ uuid, why: 'new' })));
    await worked(20);
    expect(await bench.leastSpacing()).toBeGreaterThanOrEqual(least);
  });

  it('holds although the limit is lost again and again under running workers', async () => {
    work(() => 0);
    await bench.queue.enqueue(uuids(25).map((uuid) => ({ uuid, why: 'new' })));
    for (let done = 5; done < 25; done += 3) {
      await expect.poll(bench.starts, { timeout: 20_000, interval: 10 }).toSatisfy((all) => all.length >= done);
      await bench.client.del(keys.meta, keys.limiter);
    }
    await worked(25);
    expect(await bench.leastSpacing()).toBeGreaterThanOrEqual(least);
  });

  it('holds over the loss of everything in Redis', async () => {
    const before = uuids(30).map((uuid) => ({ uuid, why: 'new' as const }));
    work(() => 0);
    await bench.queue.enqueue(before);
    const seen: number[] = [];
    for (let round = 0; round < 4; round += 1) {
      await expect.poll(bench.starts, { timeout: 20_000, interval: 5 }).toSatisfy((all) => all.length >= 3);
      seen.push(...(await bench.starts()));
      const lost = (await bench.client.keys('*')).filter((key) => key.startsWith(bench.prefix));
      await bench.client.del(lost);
      const jobs = before.map(({ uuid }) => ({ name: 'test', data: { testUuid: uuid, v: 1 }, opts: { priority: 10 } }));
      await bench.queue.bull.addBulk(jobs);
    }
    const spacings = seen.slice(1).map((at, index) => at - (seen[index] ?? at));
    expect(Math.min(...spacings)).toBeGreaterThanOrEqual(least);
  });
});
