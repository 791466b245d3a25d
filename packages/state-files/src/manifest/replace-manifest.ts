import { join } from 'node:path';
import { ReplacementFile } from '../write/replacement-file.ts';
import { type ManifestRecord, manifestName } from './manifest-record.ts';

/** Puts a manifest in place, whole. The folder has to be synced after. @throws StateDirError */
export async function replaceManifest(stateDir: string, manifest: ManifestRecord): Promise<void> {
  const file = await ReplacementFile.begin(join(stateDir, manifestName));
  try {
    await file.write(JSON.stringify(manifest, null, 2));
    await file.finish();
    await file.replace();
  } finally {
    await file.discard();
  }
}
