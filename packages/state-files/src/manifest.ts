import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, inStateDir } from './in-state-dir.ts';
import { parseJson } from './parse-json.ts';
import { StateDirError } from './state-dir-error.ts';
import { ReplacementFile } from './write/replacement-file.ts';

const manifestName = 'manifest.json';

/**
 * Makes sure that the files in a folder may be read and replaced for a prefix. A folder without a (readable)
 * manifest belongs to whoever comes.
 * @throws StateDirError when its manifest assigns them to another prefix.
 */
export async function assertOwnStateDir(stateDir: string, prefix: string): Promise<void> {
  const owner = await ownerOf(stateDir);
  if (owner === null || owner === prefix) return;
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
  if ((await ownerOf(stateDir)) === prefix) return;
  const file = await ReplacementFile.begin(join(stateDir, manifestName));
  try {
    await file.write(JSON.stringify({ prefix }, null, 2));
    await file.finish();
    await file.replace();
  } finally {
    await file.discard();
  }
}

async function ownerOf(stateDir: string): Promise<string | null> {
  const path = join(stateDir, manifestName);
  const text = await inStateDir('read', path, () =>
    readFile(path, 'utf8').catch((error: unknown) => {
      if (codeOf(error) === 'ENOENT') return '';
      throw error;
    }),
  );
  const manifest = parseJson(text);
  if (typeof manifest !== 'object' || manifest === null || !('prefix' in manifest)) return null;
  return typeof manifest.prefix === 'string' ? manifest.prefix : null;
}
