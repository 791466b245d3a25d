import { setTimeout as sleep } from 'node:timers/promises';
import type { RedisClient } from '@inventory/redis';

/** Redis does not answer in time. The board says so with 503. */
export class RedisAwayError extends Error {
  override readonly name = 'RedisAwayError';

  constructor() {
    super('Redis does not answer.');
  }
}

const patience = 3_000;

/**
 * What Redis answers, if it does within three seconds; connections that wait for it for ever would have readers wait.
 * @param ask sends the commands; not called while the connection is down, so that nothing piles up
 * @throws RedisAwayError
 */
export async function withinTime<Answer>(client: RedisClient, ask: () => Promise<Answer>): Promise<Answer> {
  if (client.status !== 'ready') throw new RedisAwayError();
  const answered = new AbortController();
  const late = sleep(patience, null, { signal: answered.signal }).then(
    () => Promise.reject(new RedisAwayError()),
    () => new Promise<never>(() => undefined),
  );
  try {
    return await Promise.race([ask(), late]);
  } finally {
    answered.abort();
  }
}
