import type { CheckpointPlace } from './checkpoint-place.ts';
import { keysOf } from './keys.ts';

/** Whether the prefix holds checkpoints; if not, the next start fills it from the state files. */
export async function isInUse({ client, prefix }: CheckpointPlace): Promise<boolean> {
  return (await client.exists(keysOf(prefix).schema)) === 1;
}
