import { randomUUID } from 'node:crypto';
import type { RedisClient } from '@inventory/redis';

const batch = 1000;

/** Does work under a prefix of its own, and removes all that is left of it. */
export async function withPrefix<Result>(
  client: RedisClient,
  work: (prefix: string) => Promise<Result>,
): Promise<Result> {
  const prefix = `{bench-${randomUUID()}}`;
  try {
    return await work(prefix);
  } finally {
    const keys = await client.keys(`${prefix}*`);
    for (let from = 0; from < keys.length; from += batch) await client.unlink(...keys.slice(from, from + batch));
  }
}
