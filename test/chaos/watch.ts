import { keptStarts } from '@inventory/queue';
import type { Redis } from 'ioredis';
import { repeat } from '../support/watch-files.ts';

const hourMs = 3_600_000;
const lookAtRedisEveryMs = 100;

/**
 * The true time of a time by Redis' clock, which may have been set by whole hours in between. A run takes less than
 * half of one, so it is the one that is near. @param redisMs epoch ms
 */
export function timeOfRedis(redisMs: number): number {
  return redisMs - Math.round((redisMs - Date.now()) / hourMs) * hourMs;
}

export type RedisWatch = ReturnType<typeof watchRedis>;

/**
 * Collects grants and pauses of a prefix until it is ended, also those that a death of Redis took away. Times are epoch ms by
 * the true clock.
 */
export function watchRedis(client: Redis, prefix: string) {
  const grants = new Set<string>();
  const lost = new Set<string>();
  /** Those that were there at the last look. */
  let known: ReadonlySet<string> = new Set();
  const pauses: { seenAt: number; until: number }[] = [];

  /** Looks once more, now. */
  async function look(): Promise<void> {
    const [starts, until, time] = await Promise.all([
      client.lrange(`${prefix}:starts`, 0, -1),
      client.hget(`${prefix}:pause`, 'until'),
      client.time(),
    ]);
    const now = new Set(starts);
    if (starts.length < keptStarts) for (const grant of known) if (!now.has(grant)) lost.add(grant);
    known = now;
    for (const grant of starts) grants.add(grant);
    const seenAt = Number(time[0]) * 1000 + Number(time[1]) / 1000;
    if (Number(until ?? 0) > seenAt) pauses.push({ seenAt: timeOfRedis(seenAt), until: timeOfRedis(Number(until)) });
  }

  const stop = repeat(() => look().catch(() => undefined), lookAtRedisEveryMs);
  return {
    look,
    /** The grants so far do not count as lost from now on: they were deleted on purpose. */
    forgetGrants(): void {
      known = new Set();
    },
    async end() {
      await stop();
      await look();
      const inOrder = [...grants].map((micros) => timeOfRedis(Number(micros) / 1000)).sort((a, b) => a - b);
      return {
        /** Starts that were granted, oldest first, with fractions. */
        grants: inOrder,
        pauses,
        /** Grants that were seen once and were gone later: writes that a death of Redis took away. */
        lost: lost.size,
      };
    },
  };
}
