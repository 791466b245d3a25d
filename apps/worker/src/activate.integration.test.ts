import { randomUUID } from 'node:crypto';
import { readWorkTotals } from '@inventory/metrics';
import { readPaceStatus } from '@inventory/queue';
import { Keyspace } from '@inventory/redis';
import { expectedByProbes, type TestKind } from '@inventory/sandbox';
import { TokenKeeper } from '@inventory/usertesting';
import { afterEach, describe, expect, it } from 'vitest';
import { redisContents } from '../../../test/support/redis-contents.ts';
import { type ActivationBench, activationBench } from './activation-bench.test.ts';

let bench: ActivationBench;
const open = async (...args: Parameters<typeof activationBench>): Promise<void> => {
  bench = await activationBench(...args);
};
afterEach(() => bench[Symbol.asyncDispose]());

describe('a test is asked about as often as its verdict needs, and no more', () => {
  it.each<[TestKind, number]>([
    ['classic', 1],
    ['no-sessions', 1],
    ['interaction (video)', 2],
    ['interaction (all)', 2],
    ['interaction (qx)', 3],
    ['think-out-loud', 4],
    ['survey', 4],
  ])('%s: %d requests, one an activation', async (kind, requests) => {
    await open(kind);
    expect(await bench.untilTheEnd()).toBe(requests);
    expect(bench.sent()).toBe(requests);
    const [test] = bench.sandbox.library.tests();
    const { platform = '', testType = null } = test ? expectedByProbes(test) : {};
    expect(await bench.verdictOf()).toBe(testType ?? (kind === 'no-sessions' ? 'no sessions' : platform));
    expect((await bench.starts()).length).toBe(requests);
    expect(await bench.activation()).toEqual({ next: 'drop' });
    expect(bench.sent()).toBe(requests);
  });

  it('evidence that decides needs no request', async () => {
    await open();
    const at = Date.now();
    const absent = { outcome: 'absent', at };
    const all = { sessions: { outcome: 'present', sessionId: 's', at }, video: absent, qx: absent };
    const evidence = JSON.stringify({ ...all, transcript: { outcome: 'present', at } });
    await bench.runtime.client.hset(`${bench.prefix}:evidence`, bench.uuid, evidence);
    expect(await bench.activation()).toEqual({ next: 'finish' });
    expect(await bench.verdictOf()).toBe('think-out-loud test');
    expect(bench.sent()).toBe(0);
  });
});

describe('a test that answered 200 here once', () => {
  it('is no ClassicUT test when it answers 404 later: it keeps its verdict, and each run looks again', async () => {
    await open('no-sessions');
    bench.fault({ kind: 'status', status: 404, body: { message: 'x' }, endpoint: 'sessionResults', skip: 1, count: 2 });
    for (const sent of [1, 2, 3, 4]) {
      if (sent > 1) await bench.produceAll();
      await bench.runtime.client.del(`${bench.prefix}:classify:limiter`);
      expect(await bench.untilTheEnd()).toBe(1);
      expect(bench.sent()).toBe(sent);
      expect(await bench.verdictOf()).toBe('no sessions');
    }
    expect(await bench.runtime.client.exists(`${bench.prefix}:streak`)).toBe(0);
    expect(await bench.errorOf()).toBeUndefined();
  });
});

describe('x-ratelimit-remaining: 0', () => {
  const rested = async (reset: string, interval: string) => {
    await open('classic', { env: { REQUEST_INTERVAL_MS: interval } });
    bench.fault({ kind: 'status', status: 404, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset } });
    expect(await bench.activation()).toEqual({ next: 'finish' });
    return (await readPaceStatus(bench.runtime.keyspace)).pause;
  };

  it.each([
    ['6', '6050'],
    ['7', '6050'],
    ['2', '1000'],
    ['1', '0'],
  ])('with %s s to go is normal at an interval of %s ms', async (reset, interval) => {
    expect(await rested(reset, interval)).toBeNull();
  });

  it.each([
    ['8', '6050', 8_000],
    ['60', '6050', 60_000],
    ['3', '1000', 3_000],
  ])('with %s s to go means others at an interval of %s ms: everybody rests', async (reset, interval, ms) => {
    const pause = await rested(reset, interval);
    expect(pause?.cause).toBe('rate used up');
    expect(await bench.limiterLeft()).toBeGreaterThan(ms - 1000);
    expect(await bench.limiterLeft()).toBeLessThanOrEqual(ms);
    await bench.context.counts.written();
    const counted = await bench.runtime.client.hmget(`${bench.prefix}:metrics`, 'limited_ms', 'limited_until');
    expect(counted.map(Number)).toEqual([ms, Math.floor((await bench.starts())[0] ?? 0) + ms]);
  });
});

describe('an answer that comes too late', () => {
  it('changes nothing when the test has its outcome meanwhile', async () => {
    await open();
    bench.sandbox.setLatency(200);
    const asking = bench.activation();
    await expect.poll(bench.sent).toBe(1);
    await bench.context.checkpoint.decide(bench.uuid, { category: 'survey', rule: 'no-other-data', source: 'probed' });
    const before = await redisContents(bench.runtime.client, bench.prefix);
    expect(await asking).toEqual({ next: 'again' });
    expect(await redisContents(bench.runtime.client, bench.prefix)).toEqual(before);
    expect(await bench.activation()).toEqual({ next: 'drop' });
  });

  it('is heard once when two workers asked the same', async () => {
    await open();
    bench.sandbox.setLatency(100);
    await Promise.all([bench.activation(), bench.activation()]);
    expect(bench.sent()).toBe(2);
    bench.sandbox.setLatency(0);
    expect(await bench.untilTheEnd()).toBe(3);
    expect(await bench.verdictOf()).toBe('survey');
  });
});

describe('leave to send', () => {
  it('is asked for after everything is known: a lost limit is set again, and nothing is sent', async () => {
    await open();
    await bench.runtime.client.del(`${bench.prefix}:classify:meta`);
    expect(await bench.activation()).toEqual({ next: 'again' });
    expect(bench.sent()).toBe(0);
    const limit = await bench.runtime.client.hgetall(`${bench.prefix}:classify:meta`);
    expect(limit).toMatchObject({ max: '1', duration: '0' });
    expect(await bench.untilTheEnd()).toBe(4);
  });
});

describe('without a token', () => {
  const keeper = (clientSecret: string) =>
    new TokenKeeper({
      keyspace: new Keyspace(bench.runtime.client, `{${randomUUID()}}`),
      clientId: bench.sandbox.clientId,
      clientSecret,
      tokenUrl: bench.sandbox.tokenUrl,
      scope: 'studies:read',
      initial: null,
      onNewToken: async () => undefined,
      secrets: bench.runtime.secrets,
      logger: bench.runtime.logger,
      retries: 0,
    });

  it('credentials that are refused end this process only, and the test waits', async () => {
    await open();
    const tokens = keeper('wrong');
    expect(await bench.activation({ tokens })).toEqual({ next: 'again' });
    expect(bench.context.giveUp).toHaveBeenCalledWith(expect.objectContaining({ name: 'CredentialsRefusedError' }));
    expect(await bench.account.queue.held()).toBeNull();
    expect([bench.sent(), await bench.errorOf()]).toEqual([0, undefined]);
  });

  it('a token endpoint that is down makes everybody rest, and the test waits', async () => {
    await open();
    bench.fault({ kind: 'status', status: 503, endpoint: 'token' });
    const tokens = keeper(bench.sandbox.clientSecret);
    expect(await bench.activation({ tokens })).toEqual({ next: 'again' });
    expect(bench.context.giveUp).not.toHaveBeenCalled();
    expect(await bench.limiterLeft()).toBeGreaterThan(4_000);
    expect([bench.sent(), await bench.errorOf()]).toEqual([0, undefined]);
  });
});

describe('an unexpected error', () => {
  it('is tried again after a minute and recorded after ten times', async () => {
    await open();
    await bench.runtime.client.hset(`${bench.prefix}:evidence`, bench.uuid, '{"sessions":"unreadable"}');
    for (let count = 1; count < 10; count += 1) {
      expect(await bench.activation()).toEqual({ next: 'later', delayMs: 60_000 });
    }
    expect(await bench.errorOf()).toBeUndefined();
    expect(await bench.activation()).toEqual({ next: 'finish' });
    expect(await bench.errorOf()).toMatchObject({ type: 'unclassified_error', status: null, body: null, attempts: 10 });
    await bench.context.counts.written();
    const { errors } = await readWorkTotals(bench.runtime.keyspace);
    expect(errors).toEqual([{ type: 'unclassified_error', count: 1 }]);
    expect(bench.sent()).toBe(0);
  });

  it('that cannot be written down either leaves the test waiting', async () => {
    await open();
    const { client } = bench.runtime;
    for (const key of ['evidence', 'retries']) await client.set(`${bench.prefix}:${key}`, 'not a hash');
    expect(await bench.activation()).toEqual({ next: 'later', delayMs: 60_000 });
    expect((await bench.runtime.checkpoints.inventory.totals()).open).toBe(1);
  });
});
