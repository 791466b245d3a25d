import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type OpenedTestQueue, openTestQueue } from '../../../test/support/open-test-queue.ts';
import { paceKeys } from './keys.ts';
import { Pace } from './pace.ts';
import { readPaceStatus } from './pace-status.ts';

const interval = 100;

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

const uuids = (count: number) => Array.from({ length: count }, (_, index) => `t${index}`);

describe('a Redis whose clock was set back by an hour', () => {
  const hour = 3_600_000;

  it('stops nobody for longer than an interval', async () => {
    await pace.assertLimit();
    await bench.client.set(keys.limiter, 1, 'PX', hour);
    await pace.assertLimit();
    expect(await left()).toBeLessThanOrEqual(interval);
  });

  it('keeps a pause and the wait of an open circuit as long as they were meant to be', async () => {
    await pace.refused(0, 90_000);
    await bench.client.pexpire(keys.limiter, hour);
    await bench.client.hincrby(keys.pause, 'until', hour);
    await pace.assertLimit();
    expect(await left()).toBeLessThanOrEqual(90_000);
    const { pause, now } = await readPaceStatus(bench.keyspace);
    expect((pause?.until ?? 0) - now).toBeLessThanOrEqual(90_000);
    await bench.client.del(keys.pause);
    await pace.circuit.hold('nobody is known');
    await bench.client.pexpire(keys.limiter, hour);
    await bench.client.hincrby(keys.circuit, 'until', hour);
    await pace.assertLimit();
    expect(await left()).toBeLessThanOrEqual(5_000);
  });

  it('does not begin a pause again that was over', async () => {
    await pace.assertLimit();
    await pace.refused(0, 90_000);
    await bench.client.set(keys.limiter, 1, 'PX', interval);
    await bench.client.hincrby(keys.pause, 'until', hour);
    await pace.assertLimit();
    const { now } = await readPaceStatus(bench.keyspace);
    expect(Number(await bench.client.hget(keys.pause, 'until')) - now).toBeLessThanOrEqual(interval);
  });

  it('forgets a dead process as soon as ever', async () => {
    const self = { role: 'worker', host: 'h', pid: 1, slots: 1, intervalMs: 9_000 };
    await pace.attach('x', self);
    const record = JSON.parse((await bench.client.hget(keys.processes, 'x')) ?? '{}');
    await bench.client.hset(keys.processes, 'x', JSON.stringify({ ...record, seenAt: record.seenAt + hour }));
    await pace.assertLimit();
    const seenAt = JSON.parse((await bench.client.hget(keys.processes, 'x')) ?? '{}').seenAt;
    expect(seenAt - record.seenAt).toBeLessThan(hour / 2);
  });

  it('leaves a limiter that has lost its time to live one', async () => {
    await bench.client.set(keys.limiter, 1);
    await pace.assertLimit();
    expect(await left()).toBeGreaterThan(0);
  });
});

describe('a pause', () => {
  it('is only ever lengthened', async () => {
    expect((await pace.rest(60_000, 'rate used up')).leftMs).toBe(60_000);
    expect((await pace.refused(0, 1000)).leftMs).toBeGreaterThan(40_000);
    expect(await left()).toBeGreaterThan(40_000);
    expect((await pace.refused(0, 90_000)).leftMs).toBe(90_000);
    expect(await left()).toBeGreaterThan(60_000);
  });

  it.each([
    [1234.567, 1235],
    [0.2, interval],
    [0, interval],
    [3_600_001, 3_600_000],
    [Number.MAX_SAFE_INTEGER, 3_600_000],
    [1e300, 3_600_000],
    [Number.POSITIVE_INFINITY, 3_600_000],
    [Number.NaN, 60_000],
    [-1, 60_000],
    [Number.NEGATIVE_INFINITY, 60_000],
  ])('of %d ms lasts %d ms, and the limiter has that time to live', async (asked, expected) => {
    expect((await pace.rest(asked, 'rate used up')).leftMs).toBe(expected);
    expect(await left()).toBeLessThanOrEqual(expected);
    expect(await left()).toBeGreaterThan(expected - 1000);
    expect(Number(await bench.client.get(keys.limiter))).toBeGreaterThan(1);
  });

  it('gives a limiter without a time to live one', async () => {
    await bench.client.set(keys.limiter, 1);
    await pace.rest(60_000, 'rate used up');
    expect(await left()).toBeGreaterThan(0);
  });

  it('stops everybody, also at interval 0', async () => {
    await bench[Symbol.asyncDispose]();
    await open(0);
    await pace.assertLimit();
    const [seconds, micros] = await bench.client.time();
    const { leftMs } = await pace.rest(700, 'rate used up');
    const until = Number(seconds) * 1000 + Number(micros) / 1000 + leftMs;
    bench.slots({
      slots: 3,
      activate: async () => ({ next: (await pace.permit(0)).go ? 'finish' : 'again' }),
    });
    await bench.queue.enqueue(uuids(10).map((uuid) => ({ uuid, why: 'new' })));
    await expect.poll(bench.starts, { timeout: 10_000 }).toHaveLength(10);
    expect((await bench.starts())[0]).toBeGreaterThanOrEqual(until - 2);
  });

  it('shows in the status with its cause and its end, until it is over', async () => {
    await pace.assertLimit();
    expect((await readPaceStatus(bench.keyspace)).pause).toBeNull();
    await pace.refused(0, 5_000);
    const { now, pause, intervalMs } = await readPaceStatus(bench.keyspace);
    expect(intervalMs).toBe(interval);
    expect(pause).toMatchObject({ cause: 'refused' });
    expect((pause?.until ?? 0) - now).toBeGreaterThan(200);
    await expect.poll(async () => (await readPaceStatus(bench.keyspace)).pause).toBeNull();
  });
});

describe('refusals without a time of their own', () => {
  const until = async () => Number(await bench.client.hget(keys.pause, 'until'));

  it('pause for a minute, doubling up to fifteen', async () => {
    const pauses: number[] = [];
    for (let count = 0; count < 6; count += 1) pauses.push((await pace.refused((await until()) || 1, null)).leftMs);
    expect(pauses.map((ms) => Math.round(ms / 60_000))).toEqual([1, 2, 4, 8, 15, 15]);
  });

  it('count only when their request started after the last pause had ended', async () => {
    const before = Date.now();
    for (let count = 0; count < 5; count += 1) await pace.refused(before, null);
    expect(await bench.client.hget(keys.pause, 'streak')).toBe('1');
    expect(await left()).toBeLessThanOrEqual(60_000);
    await pace.refused(await until(), null);
    expect(await bench.client.hget(keys.pause, 'streak')).toBe('2');
  });

  it('begin anew after an answer', async () => {
    await pace.refused(1, null);
    await pace.refused(await until(), null);
    expect(await bench.client.hget(keys.pause, 'streak')).toBe('2');
    await pace.answered();
    await bench.client.del(keys.limiter);
    expect(await pace.refused(await until(), null)).toEqual({ leftMs: 60_000, refusedForMs: 0 });
  });

  it('begin anew when the last pause ended more than a quarter of an hour ago', async () => {
    const [seconds] = await bench.client.time();
    const now = Number(seconds) * 1000;
    await bench.client.hset(keys.pause, 'streak', 4, 'since', now - 7_200_000, 'until', now - 901_500);
    expect(await pace.refused(now, null)).toEqual({ leftMs: 60_000, refusedForMs: 0 });
  });

  it('tell for how long there has been nothing else, and each permit how many there were', async () => {
    await standingLimit();
    const [seconds] = await bench.client.time();
    const now = Number(seconds) * 1000;
    await bench.client.hset(keys.pause, 'streak', 3, 'since', now - 3_600_000, 'until', now - 1000);
    expect(await pace.permit(0)).toMatchObject({ streak: 3 });
    expect((await pace.refused(now, 10)).refusedForMs).toBeGreaterThanOrEqual(3_600_000);
    expect(await bench.client.hget(keys.pause, 'streak')).toBe('4');
  });

  it('are not counted by a rest for another reason', async () => {
    await pace.rest(200, 'rate used up');
    expect(await bench.client.hget(keys.pause, 'streak')).toBeNull();
  });
});

describe('different intervals', () => {
  const process = (intervalMs: number) => ({ role: 'worker', host: 'h', pid: 1, slots: 6, intervalMs });
  const attach = (id: string, intervalMs: number) =>
    new Pace(bench.keyspace, intervalMs).attach(id, process(intervalMs));

  it('the longest of all attached processes holds, and the shorter one again after it has left', async () => {
    expect(await attach('fast', 20)).toBe(20);
    expect(await attach('slow', 200)).toBe(200);
    expect(await attach('fast', 20)).toBe(200);
    expect(await new Pace(bench.keyspace, 20).assertLimit()).toBe(200);
    expect(await bench.client.hgetall(keys.meta)).toMatchObject({ max: '1', duration: '200' });
    await pace.detach('slow');
    expect(await attach('fast', 20)).toBe(20);
  });

  it('a process that has not been seen for 15 seconds no longer counts', async () => {
    await attach('slow', 200);
    const record = JSON.parse((await bench.client.hget(keys.processes, 'slow')) ?? '{}');
    await bench.client.hset(keys.processes, 'slow', JSON.stringify({ ...record, seenAt: record.seenAt - 14_000 }));
    expect(await attach('fast', 20)).toBe(200);
    await bench.client.hset(keys.processes, 'slow', JSON.stringify({ ...record, seenAt: record.seenAt - 15_500 }));
    expect((await readPaceStatus(bench.keyspace)).processes).toHaveLength(1);
    expect(await attach('fast', 20)).toBe(20);
    expect(await bench.client.hlen(keys.processes)).toBe(1);
  });

  it('an interval of 0 is a limit of 1, never a missing one', async () => {
    expect(await attach('free', 0)).toBe(0);
    expect(await bench.client.hgetall(keys.meta)).toMatchObject({ max: '1', duration: '0' });
  });
});
