import { removeLeftBehind } from '@inventory/files';
import { manifestName } from '../manifest/manifest-record.ts';
import { allStateFileNames } from '../state-file-names.ts';

/** Removes temporary files of interrupted writes. */
export async function removeLeftBehindFiles(stateDir: string): Promise<void> {
  await removeLeftBehind(stateDir, [...allStateFileNames, manifestName]);
}
