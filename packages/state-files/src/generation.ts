import { randomUUID } from 'node:crypto';
import type { Checkpoints } from '@inventory/checkpoints';

/** The checkpoints are not in use, or were emptied while files were written from them. The old files are kept. */
export class CheckpointsLostError extends Error {
  override readonly name = 'CheckpointsLostError';

  constructor() {
    super('Redis holds no checkpoints (any more), so the state files were left as they are. Start again.');
  }
}

/**
 * An id that these checkpoints keep for life. After Redis was emptied it is another one, even if another process has
 * brought the prefix into use again since.
 */
export async function generationOf({ client, prefix }: Checkpoints): Promise<string> {
  const key = `${prefix}:generation`;
  const known = await client.get(key);
  if (known !== null) return known;
  await client.set(key, randomUUID(), 'NX');
  return (await client.get(key)) ?? randomUUID();
}

/** Checks that the checkpoints are in use and still of a generation. @throws CheckpointsLostError otherwise */
export async function assertGeneration(checkpoints: Checkpoints, generation: string): Promise<void> {
  await checkpoints.import.ensureInUse(() => Promise.reject(new CheckpointsLostError()));
  if ((await generationOf(checkpoints)) !== generation) throw new CheckpointsLostError();
}
