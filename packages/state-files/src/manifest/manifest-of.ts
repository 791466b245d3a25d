import { stateFileNames } from '../state-file-names.ts';
import type { StateCounts } from '../write/write-contents.ts';
import { type ManifestRecord, stateSchemaVersion } from './manifest-record.ts';

export interface WrittenFiles {
  readonly prefix: string;
  /** When they were written, epoch ms. */
  readonly at: number;
  /** Which revision of the checkpoints they show; null when it moved while they were written. */
  readonly revision: number | null;
  readonly counts: StateCounts;
  /** SHA-256 of each file, in hex. */
  readonly sha256: Readonly<Record<keyof typeof stateFileNames, string>>;
}

/** The manifest of three files as they were written. */
export function manifestOf({ prefix, at, revision, counts, sha256 }: WrittenFiles): ManifestRecord {
  return {
    prefix,
    schema_version: stateSchemaVersion,
    written_at: new Date(at).toISOString(),
    revision,
    counts: { utz: counts.utz, classicut: counts.classic, errors: counts.errors },
    sha256: {
      [stateFileNames.utz]: sha256.utz,
      [stateFileNames.classic]: sha256.classic,
      [stateFileNames.errors]: sha256.errors,
    },
  };
}
