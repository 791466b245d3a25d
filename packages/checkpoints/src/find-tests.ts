import type { CheckpointPlace } from './checkpoint-place.ts';
import { keysOf } from './keys.ts';

/** UUIDs of known tests that begin with a text, in their order. @param most how many at most */
export async function findTests({ client, prefix }: CheckpointPlace, start: string, most: number): Promise<string[]> {
  const { catalogue } = keysOf(prefix);
  return client.zrange(catalogue, `[${start}`, `[${start}\xff`, 'BYLEX', 'LIMIT', 0, most);
}
