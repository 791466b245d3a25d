import { type FileMarks, fileMarks } from '../write/file-marks.ts';
import { checkManifest } from './check-manifest.ts';
import { stateSchemaVersion } from './manifest-record.ts';

/** State files that are exactly as they were written. */
export interface FilesAsWritten {
  /** Which revision of the checkpoints they show; null when it moved while they were written. */
  readonly revision: number | null;
  readonly marks: FileMarks;
}

/**
 * What the files in a folder show, by their manifest. Reads them all, for their hashes.
 * @returns null when there are none, or this version did not write them, or they are not as they were written
 */
export async function filesAsWritten(stateDir: string): Promise<FilesAsWritten | null> {
  // Taken first, so that files which are replaced from here on have others.
  const marks = await fileMarks(stateDir);
  const check = await checkManifest(stateDir);
  if (check.kind !== 'fits' || check.manifest.schema_version !== stateSchemaVersion) return null;
  const { revision } = check.manifest;
  return revision === undefined ? null : { revision, marks };
}
