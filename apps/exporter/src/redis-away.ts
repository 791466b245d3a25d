import { setTimeout as sleep } from 'node:timers/promises';
import type { RedisClient } from '@inventory/redis';

const look = 200;

/** Ends when a connection has been down for a time without a break, or with the signal. @param forMs that time */
export async function redisAway(client: RedisClient, forMs: number, signal: AbortSignal): Promise<void> {
  let downMs = 0;
  while (downMs < forMs && !signal.aborted) {
    await sleep(look, undefined, { signal }).catch(() => undefined);
    downMs = client.status === 'ready' ? 0 : downMs + look;
  }
}
