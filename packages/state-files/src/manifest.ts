import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { replaceFile } from '@inventory/files';
import { z } from 'zod';
import { inStateDir, nullIfMissing, stateDirError } from './errors.ts';

/** The three state files, with the tutorial's names, in the order in which they are replaced. */
export const stateFileNames = {
  utz: 'utz_tests.json',
  classic: 'classicut_tests.json',
  errors: 'errors.json',
} as const;
export type StateFileName = (typeof stateFileNames)[keyof typeof stateFileNames];
export const allStateFileNames: readonly StateFileName[] = Object.values(stateFileNames);

export const manifestName = 'manifest.json';

/** Version of the layout of the state files and of the manifest; it changes with what is written. */
export const stateSchemaVersion = 1;

const { utz, classic, errors } = stateFileNames;
const sha256 = z.string();

/**
 * The contents of `manifest.json` beside the state files, in its order of keys. A folder that was claimed but not written
 * has the prefix alone.
 */
const manifestRecord = z.object({
  prefix: z.string(),
  schema_version: z.number().optional(),
  /** When the files were written, ISO 8601 in UTC. */
  written_at: z.string().optional(),
  /** The revision of the checkpoints in the files; null when it changed while they were written. */
  revision: z.number().nullable().optional(),
  counts: z.object({ utz: z.number(), classicut: z.number(), errors: z.number() }).optional(),
  /** SHA-256 of each file's bytes, in hex: the manifest belongs to the files with these. */
  sha256: z.object({ [utz]: sha256, [classic]: sha256, [errors]: sha256 }).optional(),
  /** The tests whose verdict is provisional or unconfirmed; missing where all are final. */
  not_final: z.array(z.string()).readonly().optional(),
  /** The run that ended last, in the words of `status --json`, and what it has changed. */
  last_run: z
    .object({
      id: z.string(),
      selection: z.string(),
      started_at: z.string(),
      finished_at: z.string().nullable(),
      duration_ms: z.number().nullable(),
      requests: z.number().nullable(),
      throttled: z.number().nullable(),
      changes: z.record(z.string(), z.number()).nullable(),
    })
    .optional(),
});
export type Manifest = z.output<typeof manifestRecord>;

const owner = manifestRecord.pick({ prefix: true });

/**
 * The manifest of a folder; null when there is none or it is no manifest. If this version could not have written it, only
 * its prefix counts.
 * @throws StateDirError when there is one that cannot be read at all
 */
export async function readManifest(stateDir: string): Promise<Manifest | null> {
  const path = join(stateDir, manifestName);
  const value = parsed(await inStateDir('read', path, () => readFile(path, 'utf8').catch(nullIfMissing)));
  return manifestRecord.safeParse(value).data ?? owner.safeParse(value).data ?? null;
}

/** Replaces the manifest and puts the folder's entries on the disk. @throws StateDirError */
export async function replaceManifest(stateDir: string, manifest: Manifest): Promise<void> {
  const path = join(stateDir, manifestName);
  const explain = (error: unknown) => stateDirError('written', path, error);
  await replaceFile(path, JSON.stringify(manifest, null, 2), { explain });
}

/** Whether a folder's manifest belongs to its files. */
type ManifestCheck =
  /** There is none, or one without hashes. */
  | { readonly kind: 'silent' }
  | { readonly kind: 'fits'; readonly manifest: Manifest }
  /** It was written for others than these files. */
  | { readonly kind: 'differs'; readonly files: readonly StateFileName[] };

/** Compares the files of a folder with the hashes of its manifest. Never throws: an unreadable file differs. */
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

/** @returns undefined for a text that is no JSON. A byte order mark, as some editors leave it, is skipped. */
function parsed(text: string | null): unknown {
  try {
    return JSON.parse((text ?? '').replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}
