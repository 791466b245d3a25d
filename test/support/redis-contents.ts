import type { RedisClient } from '@inventory/redis';

/** Everything below a prefix, by key, in an order that does not depend on chance; for comparing before and after. */
export async function redisContents(client: RedisClient, prefix: string): Promise<Record<string, unknown>> {
  const keys = (await client.keys('*')).filter((key) => key.startsWith(prefix)).sort();
  return Object.fromEntries(await Promise.all(keys.map(async (key) => [key, await contentOf(client, key)])));
}

async function contentOf(client: RedisClient, key: string): Promise<unknown> {
  switch (await client.type(key)) {
    case 'hash':
      return Object.fromEntries(Object.entries(await client.hgetall(key)).sort());
    case 'zset':
      return client.zrange(key, '0', '-1', 'WITHSCORES');
    case 'set':
      return (await client.smembers(key)).sort();
    case 'list':
      return client.lrange(key, 0, -1);
    case 'stream':
      return client.xrange(key, '-', '+');
    default:
      return client.get(key);
  }
}
