import { randomUUID } from 'node:crypto';
import type { RedisClient } from './client.ts';
import { LuaScript } from './lua-script.ts';

/** Either the result of the work, or that another process holds the lock. */
export type Locked<Result> = { readonly held: true; readonly result: Result } | { readonly held: false };

/** A lock during its work. */
export interface HeldLock {
  /** Makes it last for its whole time again. @returns false when it has been lost: another process may be at work */
  renew(): Promise<boolean>;
}

// Sent again after a broken connection, it finds its own lock. After Redis' clock was set back, a dead holder's lock would
// last longer by as much, hence the shorter expiry.
const acquire = new LuaScript(`
if redis.call('GET', KEYS[1]) == ARGV[1] then return 1 end
if redis.call('PTTL', KEYS[1]) > tonumber(ARGV[2]) then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2], 'NX') and 1 or 0
`);
const extend = new LuaScript(`
return redis.call('GET', KEYS[1]) == ARGV[1] and redis.call('PEXPIRE', KEYS[1], ARGV[2]) or 0
`);
const release = new LuaScript(`
return redis.call('GET', KEYS[1]) == ARGV[1] and redis.call('DEL', KEYS[1]) or 0
`);

export interface LockOptions {
  readonly client: RedisClient;
  /** The lock's key in Redis. */
  readonly key: string;
  /** Milliseconds after which the lock of a dead holder is free. */
  readonly ttlMs: number;
}

/**
 * Does the work while no other process does, or says at once that another process holds the lock. The lock is kept alive
 * during the work, and only its holder releases it. A holder that was stopped for longer than `ttlMs` may have lost it:
 * work that must not be done twice renews it before its decisive step.
 */
export async function withLock<Result>(
  { client, key, ttlMs }: LockOptions,
  work: (lock: HeldLock) => Promise<Result>,
): Promise<Locked<Result>> {
  const holder = randomUUID();
  if ((await acquire.run(client, [key], [holder, ttlMs])) !== 1) return { held: false };
  const renew = async (): Promise<boolean> => (await extend.run(client, [key], [holder, ttlMs])) === 1;
  // After a failed extension or release the lock expires.
  const ignore = (): undefined => undefined;
  const beat = setInterval(() => void renew().catch(ignore), ttlMs / 3);
  try {
    return { held: true, result: await work({ renew }) };
  } finally {
    clearInterval(beat);
    await release.run(client, [key], [holder]).catch(ignore);
  }
}
