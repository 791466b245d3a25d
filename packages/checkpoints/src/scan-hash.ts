import type { RedisClient } from '@inventory/redis';

/**
 * All fields of a hash with their values in portions, so that neither Redis nor this process has to hold all of it at
 * once; in no order, and one that is written meanwhile may come twice or not at all.
 */
export async function* scanHash(
  client: RedisClient,
  key: string,
): AsyncGenerator<readonly (readonly [field: string, value: string])[]> {
  let cursor = '0';
  do {
    const [next, flat] = await client.hscan(key, cursor, 'COUNT', 500);
    cursor = next;
    yield flat.flatMap((field, index) => (index % 2 === 0 ? [[field, flat[index + 1] ?? ''] as const] : []));
  } while (cursor !== '0');
}
