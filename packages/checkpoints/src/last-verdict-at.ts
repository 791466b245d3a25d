import type { CheckpointPlace } from './checkpoint-place.ts';
import { keysOf } from './keys.ts';

/** When the last verdict fell that was not imported, epoch ms of Redis' clock; null when none has. */
export async function lastVerdictAt({ client, prefix }: CheckpointPlace): Promise<number | null> {
  const [last] = await client.xrevrange(keysOf(prefix).decided, '+', '-', 'COUNT', 1);
  return last === undefined ? null : Number.parseInt(last[0], 10);
}
