import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { allStateFileNames, type StateFileName } from '../state-file-names.ts';
import type { ManifestRecord } from './manifest-record.ts';
import { readManifest } from './read-manifest.ts';

/** Whether a folder's manifest belongs to its files. */
export type ManifestCheck =
  /** There is none, or it says nothing of the files. */
  | { readonly kind: 'silent' }
  | { readonly kind: 'fits'; readonly manifest: ManifestRecord }
  /** These files are not the ones it was written for. */
  | { readonly kind: 'differs'; readonly files: readonly StateFileName[] };

/** Compares the files of a folder with the hashes of its manifest. Never throws: what cannot be read differs. */
export async function checkManifest(stateDir: string): Promise<ManifestCheck> {
  const manifest = await readManifest(stateDir).catch(() => null);
  if (!manifest?.sha256) return { kind: 'silent' };
  const files: StateFileName[] = [];
  for (const name of allStateFileNames) {
    const found = await sha256Of(join(stateDir, name)).catch(() => null);
    if (found !== manifest.sha256[name]) files.push(name);
  }
  return files.length === 0 ? { kind: 'fits', manifest } : { kind: 'differs', files };
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
