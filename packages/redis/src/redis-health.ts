import type { RedisClient } from './create-client.ts';
import { redisFacts } from './redis-facts.ts';

/** How well a Redis keeps what it is given. */
export interface RedisHealth {
  /** Such as `7.0.15`; empty when Redis does not say. */
  readonly version: string;
  readonly persistence: 'append-only' | 'snapshots' | 'none' | 'unknown';
  /** `noeviction`, or one that throws keys away when memory runs short; empty when Redis does not say. */
  readonly evictionPolicy: string;
}

/** Asks a Redis about itself; what this user may not ask stays unknown. */
export async function redisHealth(client: RedisClient): Promise<RedisHealth> {
  const facts = redisFacts(await client.info().catch(() => ''));
  const { version, evictionPolicy, appendOnly } = facts;
  if (appendOnly) return { version, evictionPolicy, persistence: 'append-only' };
  const save = version === '' ? null : await client.config('GET', 'save').catch(() => null);
  if (!Array.isArray(save)) return { version, evictionPolicy, persistence: 'unknown' };
  return { version, evictionPolicy, persistence: save[1] === '' ? 'none' : 'snapshots' };
}
