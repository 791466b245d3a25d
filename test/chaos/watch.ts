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
/** What was seen in Redis during a run, also of what a death of Redis took away. Times are epoch ms by the true clock. */
export type RedisSights = Awaited<ReturnType<RedisWatch['end']>>;

/** Collects grants and pauses of a prefix until it is ended. */
export function watchRedis(client: Redis, prefix: string) {
  const grants = new Set<string>();
  const lost = new Set<string>();
  const forgotten = new Set<string>();
  const pauses: { seenAt: number; until: number }[] = [];

  /** Looks once more, now. */
  async function look(): Promise<void> {
    const [starts, until, time] = await Promise.all([
      client.lrange(`${prefix}:starts`, 0, -1),
      client.hget(`${prefix}:pause`, 'until'),
      client.time(),
    ]);
    const now = new Set(starts);
    if (starts.length < keptStarts) {
      for (const grant of grants) if (!now.has(grant) && !forgotten.has(grant)) lost.add(grant);
    }
    for (const grant of starts) grants.add(grant);
    const seenAt = Number(time[0]) * 1000 + Number(time[1]) / 1000;
    if (Number(until ?? 0) > seenAt) pauses.push({ seenAt: timeOfRedis(seenAt), until: timeOfRedis(Number(until)) });
  }

  const stop = repeat(() => look().catch(() => undefined), lookAtRedisEveryMs);
  return {
    look,
    /** The grants so far do not count as lost from now on: they were deleted on purpose. */
    forgetGrants(): void {
      for (const grant of grants) forgotten.add(grant);
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
