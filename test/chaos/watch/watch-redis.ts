import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { timeOfRedis } from './time-of-redis.ts';

/** A pause as it stood in Redis. Times are epoch ms, whatever Redis' clock was set to. */
interface SeenPause {
  readonly seenAt: number;
  readonly until: number;
}

/** What was seen in Redis during a run, also of what a death of Redis took away. */
export interface RedisSights {
  /** Starts that were granted, oldest first, epoch ms with fractions. */
  readonly grants: readonly number[];
  readonly pauses: readonly SeenPause[];
  /** Grants that were seen once and were gone later: writes that a death of Redis took away. */
  readonly lost: number;
}

export interface RedisWatch {
  /** Looks once more, now. */
  look(): Promise<void>;
  /** The grants so far are not missed from now on: they were deleted on purpose. */
  forgiveLost(): void;
  end(): Promise<RedisSights>;
}

const lookEveryMs = 100;
/** The list in Redis holds no more than this. */
const most = 1000;

/** Collects grants and pauses of a prefix until it is ended. */
export function watchRedis(client: Redis, prefix: string): RedisWatch {
  const grants = new Set<string>();
  const lost = new Set<string>();
  const forgiven = new Set<string>();
  const pauses: SeenPause[] = [];
  let going = true;

  async function look(): Promise<void> {
    const [starts, until, time] = await Promise.all([
      client.lrange(`${prefix}:starts`, 0, -1),
      client.hget(`${prefix}:pause`, 'until'),
      client.time(),
    ]);
    const now = new Set(starts);
    for (const grant of grants) if (!now.has(grant) && !forgiven.has(grant) && starts.length < most) lost.add(grant);
    for (const grant of starts) grants.add(grant);
    const seenAt = Number(time[0]) * 1000 + Number(time[1]) / 1000;
    if (Number(until ?? 0) > seenAt) {
      pauses.push({ seenAt: timeOfRedis(seenAt), until: timeOfRedis(Number(until)) });
    }
  }

  const looking = (async () => {
    while (going) {
      await look().catch(() => undefined);
      await sleep(lookEveryMs);
    }
  })();
  return {
    look,
    forgiveLost() {
      for (const grant of grants) forgiven.add(grant);
    },
    async end() {
      going = false;
      await looking;
      await look();
      const inOrder = [...grants].map((micros) => timeOfRedis(Number(micros) / 1000)).sort((a, b) => a - b);
      return { grants: inOrder, pauses, lost: lost.size };
    },
  };
}
