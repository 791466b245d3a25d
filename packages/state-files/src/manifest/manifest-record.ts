import { z } from 'zod';
import { stateFileNames } from '../state-file-names.ts';

export const manifestName = 'manifest.json';

/** Version of the layout of the state files and of the manifest; it moves with every change to what is written. */
export const stateSchemaVersion = 1;

const { utz, classic, errors } = stateFileNames;
const sha256 = z.string();

/**
 * What stands in `manifest.json` beside the state files, in its order of keys. A folder that was only claimed has the
 * prefix and nothing else.
 */
export const manifestRecord = z.object({
  prefix: z.string(),
  schema_version: z.number().optional(),
  /** When the files were written, ISO 8601 in UTC. */
  written_at: z.string().optional(),
  /** Which revision of the checkpoints the files show; null when it moved while they were written. */
  revision: z.number().nullable().optional(),
  counts: z.object({ utz: z.number(), classicut: z.number(), errors: z.number() }).optional(),
  /** SHA-256 of each file's bytes, in hex: a manifest belongs to the files that have these. */
  sha256: z.object({ [utz]: sha256, [classic]: sha256, [errors]: sha256 }).optional(),
});
export type ManifestRecord = z.output<typeof manifestRecord>;
