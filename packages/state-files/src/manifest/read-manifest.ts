import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '@inventory/files';
import { inStateDir } from '../in-state-dir.ts';
import { parseJson } from '../parse-json.ts';
import { type ManifestRecord, manifestName, manifestRecord } from './manifest-record.ts';

const owner = manifestRecord.pick({ prefix: true });

/**
 * The manifest of a folder; null when there is none or it is not readable as one. Where more than the prefix is there
 * but not as this version writes it, only the prefix counts.
 * @throws StateDirError when there is one that cannot be read at all
 */
export async function readManifest(stateDir: string): Promise<ManifestRecord | null> {
  const path = join(stateDir, manifestName);
  const text = await inStateDir('read', path, () =>
    readFile(path, 'utf8').catch((error: unknown) => {
      if (codeOf(error) === 'ENOENT') return '';
      throw error;
    }),
  );
  const value = parseJson(text);
  return manifestRecord.safeParse(value).data ?? owner.safeParse(value).data ?? null;
}
