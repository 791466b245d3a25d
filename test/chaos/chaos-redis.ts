import { readdir, readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { RedisServer } from '@inventory/redis';
import { startOwnRedis } from '../support/own-redis.ts';
import { makeSettableClock } from '../support/settable-clock.ts';

interface ChaosRedisOptions {
  readonly program: RedisServer;
  /** Where the clock is kept. */
  readonly folder: string;
  readonly password: string;
  /** Whether its clock will be set; only then it gets one of its own. */
  readonly ownClock: boolean;
  readonly afterRun: (work: () => Promise<void>) => void;
}

/** Starts the Redis of one run, append-only with `everysec`. It can die and come back with what its file holds. */
export async function startChaosRedis({ program, folder, password, ownClock, afterRun }: ChaosRedisOptions) {
  const clock = ownClock ? await makeSettableClock(folder) : null;
  const redis = await startOwnRedis(afterRun, {
    program: { ...program, env: { ...program.env, ...clock?.env } },
    args: ['--requirepass', password, '--appendfsync', 'everysec'],
  });
  return {
    ...redis,
    /** Sets its clock so far ahead (negative: behind). @returns whether it can be set on this machine */
    async setClock(aheadMs: number): Promise<boolean> {
      await clock?.set(aheadMs);
      return clock !== null;
    },
    /** Takes the last bytes off its append-only file, while it is dead. @returns what was lost */
    async loseTail(bytes: number): Promise<string> {
      const log = join(redis.folder, 'appendonlydir');
      const files = (await readdir(log)).filter((name) => name.endsWith('.incr.aof'));
      // There are two for a moment while it is rewritten; the writes go to the one with the higher number.
      const last = files.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1);
      if (last === undefined) return '';
      const whole = await readFile(join(log, last));
      const kept = Math.max(0, whole.length - bytes);
      await truncate(join(log, last), kept);
      return whole.subarray(kept).toString();
    },
  };
}
