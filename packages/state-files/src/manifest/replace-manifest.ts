import { join } from 'node:path';
import { replaceFile } from '@inventory/files';
import { stateDirError } from '../in-state-dir.ts';
import { type ManifestRecord, manifestName } from './manifest-record.ts';

/** Puts a manifest in place, whole. @throws StateDirError */
export async function replaceManifest(stateDir: string, manifest: ManifestRecord): Promise<void> {
  const path = join(stateDir, manifestName);
  const explain = (error: unknown) => stateDirError('written', path, error);
  await replaceFile(path, JSON.stringify(manifest, null, 2), { explain });
}
