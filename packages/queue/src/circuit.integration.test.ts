import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type OpenedTestQueue, openTestQueue } from '../../../test/support/open-test-queue.ts';
import type { Circuit, FailedRequest, Granted } from './circuit.ts';
import { paceKeys } from './keys.ts';
import { Pace } from './pace.ts';
import { type PaceStatus, readPaceStatus } from './pace-status.ts';

const interval = 60_000;
/** What a busy machine may take between an act and the look at it, ms. */
const slack = 3_000;

let bench: OpenedTestQueue;
let pace: Pace;
let circuit: Circuit;
let keys: ReturnType<typeof paceKeys>;
let requests = 0;

beforeEach(async () => {
  bench = await openTestQueue(interval);
  pace = bench.pace;
  circuit = pace.circuit;
  keys = paceKeys(bench);
  await pace.assertLimit();
  await bench.client.del(keys.limiter);
});
afterEach(() => bench[Symbol.asyncDispose]());

function fail(testUuid: string, more: Partial<FailedRequest> = {}) {
  requests += 1;
  const request = { testUuid, startedAt: requests, probing: false, openTests: 9, askedMs: 0, why: 'it answered 503' };
  return circuit.failed({ ...request, ...more });
}

async function failInARow(...tests: string[]): Promise<string[]> {
  const kinds: string[] = [];
  for (const test of tests) kinds.push((await fail(test)).kind);
  return kinds;
}

/** An answer to a request that was permitted just now. */
const answer = (trouble: Granted['trouble']) => ({ trouble, givenAt: performance.now() });

const status = (): Promise<PaceStatus> => readPaceStatus(bench.keyspace);
const limited = () => bench.client.pttl(keys.limiter);

/** Lets the wait for the next request that probes be over, which another process sends. */
async function waitIsOver(): Promise<void> {
  pace = new Pace(bench.keyspace, interval);
  await bench.client.hset(keys.circuit, 'until', 1);
  await bench.client.del(keys.limiter, keys.starts);
}

describe('a row of failures', () => {
  it('of five, of two tests, opens the circuit for five seconds', async () => {
    expect(await failInARow('a', 'a', 'b', 'a')).toEqual(['counts', 'counts', 'counts', 'counts']);
    expect((await status()).circuit).toBeNull();
    expect(await fail('a')).toEqual({ kind: 'opened', waitMs: 5_000 });
    const { circuit: open, now } = await status();
    expect(open).toMatchObject({ cause: 'outage', why: 'it answered 503' });
    expect((open?.nextProbeAt ?? 0) - now).toBeGreaterThan(5_000 - slack);
    expect(await limited()).toBeGreaterThan(5_000 - slack);
    expect(await limited()).toBeLessThanOrEqual(5_000);
  });

  it('of one test alone is its own trouble', async () => {
    expect(await failInARow('a', 'a', 'a', 'a', 'a', 'a', 'a')).not.toContain('opened');
    await circuit.answered(answer('failures'));
    expect(await failInARow('b', 'b', 'b', 'b', 'b', 'b', 'b'), 'after an answer').not.toContain('opened');
  });

  it('is ended by an answer', async () => {
    await failInARow('a', 'b', 'a', 'b');
    await circuit.answered(answer('failures'));
    expect(await failInARow('a', 'b', 'a', 'b')).not.toContain('opened');
    expect(await failInARow('a')).toEqual(['opened']);
  });

  it('does not open the circuit for the one test that is left', async () => {
    await failInARow('a', 'b', 'a', 'b');
    expect(await fail('a', { openTests: 1 })).toEqual({ kind: 'counts', waitMs: 0 });
  });

  it('counts each once, also when it is told twice', async () => {
    await failInARow('a', 'b', 'a');
    const again = { startedAt: 777 };
    expect([await fail('b', again), await fail('b', again)]).toEqual([
      { kind: 'counts', waitMs: 0 },
      { kind: 'counts', waitMs: 0 },
    ]);
    expect(await failInARow('a')).toEqual(['opened']);
  });
});

describe('an open circuit', () => {
  beforeEach(async () => {
    await failInARow('a', 'b', 'a', 'b', 'a');
  });

  it('lets nobody ask before its wait is over, also when the limiter is lost', async () => {
    await bench.client.del(keys.limiter);
    expect(await pace.permit(0)).toEqual({ go: false, why: 'late' });
    expect(await limited()).toBeGreaterThan(0);
    expect(await bench.starts()).toEqual([]);
  });

  it('lets one request probe, and nobody else until there is word of it', async () => {
    await waitIsOver();
    expect(await pace.permit(0, { timeoutMs: 20_000 })).toMatchObject({ go: true, trouble: 'probing' });
    expect(await limited()).toBeGreaterThan(20_000);
    await bench.client.del(keys.limiter, keys.starts);
    expect(await pace.permit(0)).toEqual({ go: false, why: 'late' });
  });

  it('asks a control in the place of a test that failed before, or the test itself where there is none', async () => {
    await waitIsOver();
    expect(await pace.permit(0, { testUuid: 'a' })).toEqual({ go: false, why: 'ask a control' });
    expect(await pace.permit(0, { testUuid: 'a', asks: 'control' })).toMatchObject({ go: true, trouble: 'probing' });
    await waitIsOver();
    // The control may have troubles of its own: every other time it is the test.
    expect(await pace.permit(0, { testUuid: 'a' })).toMatchObject({ go: true, trouble: 'probing' });
    await waitIsOver();
    expect(await pace.permit(0, { testUuid: 'new' })).toMatchObject({ go: true, trouble: 'probing' });
  });

  it('waits twice as long after each request that probed without an answer, five minutes at most', async () => {
    const waits: number[] = [];
    for (let probes = 0; probes < 8; probes += 1) {
      await waitIsOver();
      await pace.permit(0);
      waits.push((await fail('b', { probing: true })).waitMs);
    }
    expect(waits).toEqual([10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000, 300_000]);
    expect(await limited()).toBeGreaterThan(300_000 - slack);
    expect((await status()).circuit?.failed).toBe(8);
  });

  it('takes the failures of requests from before it for nobody’s tries', async () => {
    const { kind, waitMs } = await fail('c');
    expect(kind).toBe('open');
    expect(waitMs).toBeGreaterThan(5_000 - slack);
    expect((await status()).circuit).not.toBeNull();
  });

  it('obeys a server that asks to be left alone for longer', async () => {
    await waitIsOver();
    await pace.permit(0);
    expect(await fail('b', { probing: true, askedMs: 120_000 })).toEqual({ kind: 'open', waitMs: 120_000 });
  });

  it('closes at an answer; the next start is an interval after the last one', async () => {
    await waitIsOver();
    const permit = await pace.permit(0);
    const since = Number(await bench.client.hget(keys.circuit, 'since'));
    expect(await circuit.answered(answer('probing'))).toBe(since);
    expect((await status()).circuit).toBeNull();
    expect(permit).toMatchObject({ go: true });
    expect(await limited()).toBeGreaterThan(interval - slack);
    expect(await limited()).toBeLessThanOrEqual(interval);
    expect(await circuit.answered(answer('probing'))).toBeNull();
  });

  it('keeps nobody waiting for longer than an interval when it closes after Redis’ clock was set back', async () => {
    await bench.client.lpush(keys.starts, (Date.now() + 3_600_000) * 1000);
    await circuit.answered(answer('probing'));
    expect(await limited()).toBeLessThanOrEqual(interval);
  });

  it('keeps a pause that is on when it closes', async () => {
    await pace.refused(0, 1_800_000);
    await circuit.answered(answer('probing'));
    expect(await limited()).toBeGreaterThan(1_800_000 - slack);
  });

  it('closes when one test is left, whose own tries count again', async () => {
    expect(await fail('b', { openTests: 1 })).toEqual({ kind: 'counts', waitMs: 0 });
    expect((await status()).circuit).toBeNull();
  });

  it('asks Redis nothing where there is nothing to end', async () => {
    await circuit.answered(answer('probing'));
    await bench.client.hset(keys.failures, 'count', 1);
    await circuit.answered(answer(null));
    expect(await bench.client.exists(keys.failures)).toBe(1);
  });

  it('closes also at an answer that another process has waited for since before the failures', async () => {
    const other = new Pace(bench.keyspace, interval).circuit;
    expect(await other.answered({ trouble: null, givenAt: performance.now() - 1_000 })).not.toBeNull();
    expect((await status()).circuit).toBeNull();
  });

  it('has no time for the question of a streak: a test probes', async () => {
    await waitIsOver();
    expect(await pace.permit(0, { asks: 'streak' })).toEqual({ go: false, why: 'outage' });
  });
});

describe('a 503 that asks to be left alone', () => {
  it('is obeyed also where the circuit has waited for longer and closes', async () => {
    await failInARow('a', 'b', 'a', 'b', 'a');
    await waitIsOver();
    await pace.permit(0, { timeoutMs: 60_000 });
    await pace.rest(25_000, 'unavailable');
    await circuit.answered(answer('probing'));
    expect(await limited()).toBeGreaterThan(25_000 - slack);
  });
});

describe('a circuit that is held for want of a control', () => {
  it('takes the place of one that an outage has opened', async () => {
    await circuit.close('controls');
    await failInARow('a', 'b', 'a', 'b', 'a');
    expect(await circuit.hold('nobody is known')).toBe(true);
    expect(await circuit.hold('nobody is known')).toBe(false);
    expect((await status()).circuit).toMatchObject({ cause: 'controls' });
  });

  beforeEach(() => circuit.hold('tests that it knew are unknown'));

  it('lets only a question to a control go out, when its wait is over', async () => {
    await waitIsOver();
    expect(await pace.permit(0)).toEqual({ go: false, why: 'held' });
    expect(await bench.starts()).toEqual([]);
    expect(await pace.permit(0, { asks: 'control' })).toMatchObject({ go: true, trouble: 'probing' });
  });

  it('is not closed by any other answer', async () => {
    await circuit.answered(answer('probing'));
    expect((await status()).circuit).toMatchObject({ cause: 'controls', why: 'tests that it knew are unknown' });
    expect(await circuit.close('controls')).not.toBeNull();
    expect((await status()).circuit).toBeNull();
  });

  it('waits twice as long after each control that is unknown', async () => {
    await waitIsOver();
    await pace.permit(0, { asks: 'control' });
    expect(await circuit.stillOpen()).toBe(10_000);
  });
});
