import { setTimeout as sleep } from 'node:timers/promises';
import type { RedisClient } from './create-client.ts';

const look = 200;

/**
 * Ends when Redis has not answered for a time without a break, be it gone or frozen, or with the signal.
 * @param forMs that time
 */
export async function redisAway(client: RedisClient, forMs: number, signal: AbortSignal): Promise<void> {
  const rest = (ms: number): Promise<void> => sleep(ms, undefined, { signal }).catch(() => undefined);
  let heardAt = performance.now();
  let left = forMs;
  while (left > 0 && !signal.aborted) {
    const answered = client.ping().then(
      () => true,
      () => false,
    );
    if (await Promise.race([answered, rest(left)])) heardAt = performance.now();
    await rest(look);
    left = heardAt + forMs - performance.now();
  }
}
