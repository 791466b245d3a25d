import { randomUUID } from 'node:crypto';
import type { Cluster, Redis } from 'ioredis';

/** Either what the work gave, or that somebody else holds the lock. */
export type Locked<Result> = { readonly held: true; readonly result: Result } | { readonly held: false };

const extend = `if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end return redis.call('PEXPIRE', KEYS[1], ARGV[2])`;
const release = `if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end return redis.call('DEL', KEYS[1])`;

/**
 * Does the work while no other process does, or says at once that somebody else holds the lock. The lock is kept alive
 * during the work; when its holder dies it is free after `ttlMs`. Only its holder releases it.
 */
export async function withLock<Result>(
  redis: Redis | Cluster,
  key: string,
  ttlMs: number,
  work: () => Promise<Result>,
): Promise<Locked<Result>> {
  const holder = randomUUID();
  if ((await redis.set(key, holder, 'PX', ttlMs, 'NX')) !== 'OK') return { held: false };
  // A failed extension or release is made good by the expiry.
  const ignore = () => undefined;
  const beat = setInterval(() => void redis.eval(extend, 1, key, holder, ttlMs).catch(ignore), ttlMs / 3);
  try {
    return { held: true, result: await work() };
  } finally {
    clearInterval(beat);
    await redis.eval(release, 1, key, holder).catch(ignore);
  }
}
