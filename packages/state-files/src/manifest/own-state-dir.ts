import { mkdir } from 'node:fs/promises';
import { inStateDir } from '../in-state-dir.ts';
import { StateDirError } from '../state-dir-error.ts';
import { manifestName } from './manifest-record.ts';
import { readManifest } from './read-manifest.ts';
import { replaceManifest } from './replace-manifest.ts';

/**
 * Makes sure that the files in a folder may be read and replaced for a prefix. A folder without a (readable)
 * manifest belongs to whoever comes.
 * @throws StateDirError when its manifest assigns them to another prefix.
 */
export async function assertOwnStateDir(stateDir: string, prefix: string): Promise<void> {
  const owner = (await readManifest(stateDir))?.prefix ?? prefix;
  if (owner === prefix) return;
  throw new StateDirError(
    'foreign',
    `The state files in ${stateDir} belong to QUEUE_PREFIX ${owner} (says ${manifestName} there), not to ${prefix}: ` +
      `they were neither read nor changed. Choose another STATE_DIR, or remove ${manifestName} if they are yours.`,
  );
}

/**
 * Makes the folder if there is none, and notes there whose files it holds.
 * @throws StateDirError when it belongs to another prefix or cannot be written.
 */
export async function claimStateDir(stateDir: string, prefix: string): Promise<void> {
  await assertOwnStateDir(stateDir, prefix);
  await inStateDir('written', stateDir, () => mkdir(stateDir, { recursive: true }));
  if ((await readManifest(stateDir)) === null) await replaceManifest(stateDir, { prefix });
}
