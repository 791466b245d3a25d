import { randomUUID } from 'node:crypto';
import { readWorkTotals } from '@inventory/metrics';
import { Keyspace } from '@inventory/redis';
import { TokenKeeper } from '@inventory/usertesting';
import { afterEach, describe, expect, it } from 'vitest';
import { type ActivationBench, activationBench } from './activation-bench.test.ts';

let bench: ActivationBench;
const open = async (...args: Parameters<typeof activationBench>): Promise<void> => {
  bench = await activationBench(...args);
};
afterEach(() => bench[Symbol.asyncDispose]());

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
