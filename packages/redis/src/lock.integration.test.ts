import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { until } from '../../../test/support/until.ts';
import { withLock } from './lock.ts';

let redis: Redis;
beforeAll(() => {
  redis = new Redis(inject('redisUrl'));
});
afterAll(() => redis.disconnect());

const newKey = () => `{${randomUUID()}}:lock`;

describe('a lock', () => {
  it('lets one work at a time', async () => {
    const key = newKey();
    const result = await withLock({ client: redis, key, ttlMs: 5_000 }, () =>
      withLock({ client: redis, key, ttlMs: 5_000 }, async () => 'second'),
    );
    expect(result).toEqual({ held: true, result: { held: false } });
  });

  it('is free again after the work, also when the work fails', async () => {
    const key = newKey();
    await expect(withLock({ client: redis, key, ttlMs: 5_000 }, () => Promise.reject(new Error('no')))).rejects.toThrow(
      'no',
    );
    expect(await withLock({ client: redis, key, ttlMs: 5_000 }, async () => 'yes')).toEqual({
      held: true,
      result: 'yes',
    });
    expect(await redis.exists(key)).toBe(0);
  });

  it('of a dead holder is free after its time, also where Redis’ clock was set back meanwhile', async () => {
    const key = newKey();
    await redis.set(key, 'dead', 'PX', 3_600_000);
    expect(await withLock({ client: redis, key, ttlMs: 5_000 }, async () => 'mine')).toEqual({ held: false });
    expect(await redis.pttl(key)).toBeLessThanOrEqual(5_000);
  });

  it('outlives its time as long as its holder works', async () => {
    const key = newKey();
    await withLock({ client: redis, key, ttlMs: 1_500 }, async ({ renew }) => {
      await sleep(3_000);
      expect(await redis.exists(key)).toBe(1);
      expect(await renew()).toBe(true);
    });
  });

  it('of a holder that died is free after its time', async () => {
    const key = newKey();
    await redis.set(key, 'a dead process', 'PX', 200);
    expect(await withLock({ client: redis, key, ttlMs: 5_000 }, async () => 'yes')).toEqual({ held: false });
    await until(
      'it is free',
      async () => (await withLock({ client: redis, key, ttlMs: 5_000 }, async () => 'yes')).held,
    );
  });

  it('that somebody else has taken over is neither renewed nor released by the one who lost it', async () => {
    const key = newKey();
    await withLock({ client: redis, key, ttlMs: 5_000 }, async ({ renew }) => {
      await redis.set(key, 'somebody else', 'PX', 30_000);
      expect(await renew()).toBe(false);
    });
    expect(await redis.get(key)).toBe('somebody else');
  });
});
