import { randomUUID } from 'node:crypto';
import type { Checkpoints } from '@inventory/checkpoints';
import { CheckpointsLostError } from './checkpoints-lost-error.ts';

/**
 * A name that these checkpoints keep for life: after Redis was emptied it is another one, even when somebody
 * else has brought the prefix into use again meanwhile.
 */
export async function generationOf({ client, prefix }: Checkpoints): Promise<string> {
  const key = `${prefix}:generation`;
  const known = await client.get(key);
  if (known !== null) return known;
  await client.set(key, randomUUID(), 'NX');
  return (await client.get(key)) ?? randomUUID();
}

/**
 * Makes sure that the checkpoints are in use and still those of a generation.
 * @throws CheckpointsLostError when they are not.
 */
export async function assertGeneration(checkpoints: Checkpoints, generation: string): Promise<void> {
  await checkpoints.import.ensureInUse(() => Promise.reject(new CheckpointsLostError()));
  if ((await generationOf(checkpoints)) !== generation) throw new CheckpointsLostError();
}
