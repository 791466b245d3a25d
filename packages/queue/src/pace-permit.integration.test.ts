import { Keyspace } from '@inventory/redis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type OpenedTestQueue, openTestQueue } from '../../../test/support/open-test-queue.ts';
import { paceKeys } from './keys.ts';
import { Pace } from './pace.ts';

// Long enough that a slow machine does not change what is seen; a grant may be used 300 ms late.
const interval = 60_000;
/** What a busy machine may take between an act and the look at it, ms. */
const slack = 20_000;

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

const left = () => bench.client.pttl(keys.limiter);

/** A limit that has stood for so long that anybody may start. */
async function standingLimit(): Promise<void> {
  await pace.assertLimit();
  await bench.client.del(keys.limiter);
}

/** As BullMQ does when it grants a job. */
const grant = () => bench.client.set(keys.limiter, 1, 'PX', interval);

describe('leave to send a request', () => {
  it('is refused as long as no limit stands, or a shorter one than ours', async () => {
    expect(await pace.permit(0)).toEqual({ go: false, why: 'unlimited' });
    await new Pace(bench.keyspace, interval - 1).assertLimit();
    expect(await pace.permit(0)).toEqual({ go: false, why: 'unlimited' });
    await bench.client.hset(keys.meta, 'max', 2, 'duration', interval);
    expect(await pace.permit(0)).toEqual({ go: false, why: 'unlimited' });
    expect(await bench.starts()).toEqual([]);
  });

  it('is given at once after a grant, and leaves the limiter as it is', async () => {
    await standingLimit();
    await bench.client.set(keys.limiter, 1, 'PX', interval - 10);
    expect(await pace.permit(10)).toMatchObject({ go: true, streak: 0 });
    expect(await left()).toBeLessThanOrEqual(interval - 10);
    expect(await bench.starts()).toHaveLength(1);
  });

  it('is refused to whoever comes less than an interval after the last start, though the limiter was lost', async () => {
    await standingLimit();
    const [seconds] = await bench.client.time();
    await bench.client.lpush(keys.starts, (Number(seconds) - (interval - slack) / 1_000) * 1_000_000);
    expect(await pace.permit(0)).toEqual({ go: false, why: 'late' });
    await bench.client.lset(keys.starts, 0, (Number(seconds) - interval / 1_000) * 1_000_000);
    expect(await pace.permit(0)).toMatchObject({ go: true });
  });

  it('is given late while nobody else was granted a start, and a full interval begins anew', async () => {
    await standingLimit();
    for (const late of [interval / 2, interval - 1_000, interval + 20]) {
      await bench.client.del(keys.starts, keys.limiter);
      if (late < interval) await bench.client.set(keys.limiter, 1, 'PX', interval - late);
      expect(await new Pace(bench.keyspace, interval).permit(late)).toMatchObject({ go: true });
      expect(await left()).toBeGreaterThan(interval - slack);
    }
  });

  it('is refused once by another Redis than the last one, which may not know the last start', async () => {
    await standingLimit();
    await grant();
    expect(await pace.permit(0)).toMatchObject({ go: true });
    await bench.client.hset(keys.pause, 'server', 'a1b2c3');
    await bench.client.del(keys.starts);
    await bench.client.set(keys.limiter, 1, 'PX', interval / 2);
    const other = new Pace(bench.keyspace, interval);
    expect(await other.permit(0)).toEqual({ go: false, why: 'late' });
    expect(await left()).toBeGreaterThan(interval - slack);
    await bench.client.del(keys.limiter);
    expect(await other.permit(0)).toMatchObject({ go: true });
  });

  it('is refused to whoever had it less than an interval ago, though a step of Redis’ clock has ended the limiter', async () => {
    await standingLimit();
    expect(await pace.permit(0)).toMatchObject({ go: true });
    await bench.client.lset(keys.starts, 0, (Date.now() - 3_600_000) * 1_000);
    await bench.client.del(keys.limiter);
    expect(await pace.permit(0)).toEqual({ go: false, why: 'late' });
    expect(await bench.starts()).toHaveLength(1);
  });

  it('is refused to a late one when somebody else was granted a start meanwhile', async () => {
    await standingLimit();
    await grant();
    expect(await pace.permit(interval + 1)).toEqual({ go: false, why: 'late' });
    expect(await pace.permit(5 * interval)).toEqual({ go: false, why: 'late' });
    expect(await bench.starts()).toEqual([]);
  });

  it('is given to one of those that are late by intervals when nobody holds the limiter', async () => {
    await standingLimit();
    expect(await pace.permit(5 * interval)).toMatchObject({ go: true });
    expect(await left()).toBeGreaterThan(interval - slack);
    await bench.client.del(keys.limiter);
    expect(await pace.permit(5 * interval)).toEqual({ go: false, why: 'late' });
    expect(await bench.starts()).toHaveLength(1);
  });

  it('is refused right after another start, whatever the limiter granted', async () => {
    await standingLimit();
    await grant();
    expect(await pace.permit(0)).toMatchObject({ go: true });
    await grant();
    expect(await pace.permit(0)).toEqual({ go: false, why: 'late' });
    expect(await bench.starts()).toHaveLength(1);
  });

  it('is not withheld when the clock of Redis was set back', async () => {
    await standingLimit();
    const [seconds] = await bench.client.time();
    await bench.client.lpush(keys.starts, `${Number(seconds) + 3600}000000`);
    expect(await pace.permit(0)).toMatchObject({ go: true });
  });

  it('is refused during a pause, also to one that was granted just before', async () => {
    await standingLimit();
    await pace.rest(2 * interval, 'rate used up');
    expect(await pace.permit(0)).toEqual({ go: false, why: 'late' });
    expect(await left()).toBeGreaterThan(2 * interval - slack);
  });

  it('is refused during a pause whose limiter was lost: evicted, or deleted by somebody', async () => {
    await standingLimit();
    await pace.rest(3 * interval, 'unavailable');
    await bench.client.del(keys.limiter);
    expect(await pace.permit(0)).toEqual({ go: false, why: 'late' });
    expect(await left()).toBeGreaterThan(3 * interval - slack);
    await bench.client.hset(keys.pause, 'until', Date.now() + 60 * interval);
    await bench.client.del(keys.limiter);
    expect(await pace.permit(0), 'a pause from before the clock was set back').toMatchObject({ go: true });
  });

  it('waits one interval where no limit stood, and where one stood goes on from it', async () => {
    await pace.assertLimit();
    expect(await left()).toBeGreaterThan(interval - slack);
    expect(await pace.permit(0)).toEqual({ go: false, why: 'late' });
    await bench.client.del(keys.limiter);
    await pace.assertLimit();
    expect(await left()).toBe(-2);
  });

  it('goes by the interval in force, not by our own shorter one', async () => {
    const intervalMs = 10 * interval;
    await new Pace(bench.keyspace, intervalMs).attach('slow', {
      role: 'worker',
      host: 'h',
      pid: 1,
      slots: 1,
      intervalMs,
    });
    await bench.client.set(keys.limiter, 1, 'PX', intervalMs / 2);
    expect(await pace.permit(intervalMs / 2)).toMatchObject({ go: true });
    expect(await left()).toBeGreaterThan(intervalMs - slack);
  });

  it('at interval 0 is always given, however late, except during a pause', async () => {
    await bench[Symbol.asyncDispose]();
    await open(0);
    await standingLimit();
    expect(await pace.permit(0)).toMatchObject({ go: true });
    expect(await pace.permit(50)).toMatchObject({ go: true });
    await pace.rest(interval, 'rate used up');
    expect(await pace.permit(0)).toEqual({ go: false, why: 'late' });
    expect(await pace.permit(50)).toEqual({ go: false, why: 'late' });
  });
});

describe('leave that arrives late', () => {
  /** A client whose answers come so much later. */
  const slow = (ms: number): Pace => {
    const client = new Proxy(bench.client, {
      get(target, name) {
        const value = Reflect.get(target, name);
        if (name !== 'evalsha') return typeof value === 'function' ? value.bind(target) : value;
        return async (...args: Parameters<typeof target.evalsha>) => {
          const answer = await target.evalsha(...args);
          await new Promise((resolve) => setTimeout(resolve, ms));
          return answer;
        };
      },
    });
    return new Pace(new Keyspace(client, bench.prefix), 400);
  };

  beforeEach(async () => {
    await bench[Symbol.asyncDispose]();
    await open(400);
    await standingLimit();
    await bench.client.del(keys.starts);
  });

  it('by more than half an interval is not used', async () => {
    await slow(0).permit(0);
    await bench.client.del(keys.limiter, keys.starts);
    expect(await slow(250).permit(0)).toEqual({ go: false, why: 'slow' });
  });

  it('gives the turn to probe an open circuit back', async () => {
    await pace.circuit.hold('nobody is known');
    await bench.client.hset(keys.circuit, 'until', 1);
    await bench.client.del(keys.limiter, keys.starts);
    expect(await slow(250).permit(0, { asks: 'control' })).toEqual({ go: false, why: 'slow' });
    expect(await bench.client.hget(keys.circuit, 'probes')).toBe('0');
    await bench.client.del(keys.starts);
    expect(await pace.permit(0, { asks: 'control' })).toMatchObject({ go: true, trouble: 'probing' });
  });

  it('by less has the next start wait a full interval from then', async () => {
    await slow(0).permit(0);
    await bench.client.del(keys.limiter, keys.starts);
    expect(await slow(150).permit(0)).toMatchObject({ go: true });
    await expect.poll(() => left()).toBeGreaterThan(300);
  });
});
