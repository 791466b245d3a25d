import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Checkpoints, phaseOf, runJson } from '@inventory/checkpoints';
import { ReplacementFile } from '@inventory/files';
import { type HeldLock, withLock } from '@inventory/redis';
import { type StateCounts, writeContents } from './entries.ts';
import { stateDirError } from './errors.ts';
import { assertGeneration } from './generation.ts';
import {
  type Manifest,
  readManifest,
  replaceManifest,
  type StateFileName,
  stateFileNames,
  stateSchemaVersion,
} from './manifest.ts';

/** The result of a write. */
export interface WrittenState {
  /** The revision of the checkpoints in the files; null when it changed while they were written. */
  readonly revision: number | null;
  readonly counts: StateCounts;
}

export interface WriteOptions {
  readonly checkpoints: Checkpoints;
  /** Of these checkpoints. */
  readonly generation: string;
  /** A folder that exists. */
  readonly stateDir: string;
}

/** How long the lock of a dead writer stays, ms. */
const lockMs = 10_000;
const retryEveryMs = 50;

/**
 * Writes the three files from the checkpoints, page by page: memory does not grow with the library. Nothing is replaced
 * before everything is on the disk, and the manifest comes last. One process at a time writes for a prefix, so that a slow
 * writer never replaces newer files by older ones.
 */
export async function writeStateFiles(options: WriteOptions): Promise<WrittenState> {
  const { client, prefix } = options.checkpoints;
  for (;;) {
    const lock = { client, key: `${prefix}:exporting`, ttlMs: lockMs };
    const turn = await withLock(lock, (held) => writeLocked(options, held));
    if (!turn.held) await sleep(retryEveryMs);
    else if (turn.result !== null) return turn.result;
  }
}

/** @returns null when the lock was lost during the write: another process may have written newer files */
async function writeLocked(
  { checkpoints, generation, stateDir }: WriteOptions,
  lock: HeldLock,
): Promise<WrittenState | null> {
  const files: ReplacementFile[] = [];
  const begin = async (name: StateFileName, mode?: number): Promise<ReplacementFile> => {
    const path = join(stateDir, name);
    const explain = (error: unknown) => stateDirError('written', path, error);
    const file = await ReplacementFile.begin(path, { explain, ...(mode !== undefined && { mode }) });
    files.push(file);
    return file;
  };
  try {
    const utz = await begin(stateFileNames.utz);
    const classic = await begin(stateFileNames.classic);
    // It holds answers of the API, which only the owner may read.
    const errors = await begin(stateFileNames.errors, 0o600);
    const writtenAt = new Date().toISOString();
    const before = await checkpoints.inventory.revision();
    const { counts, notFinal } = await writeContents(checkpoints, { utz, classic, errors });
    const sha256 = {
      [stateFileNames.utz]: await utz.finish(),
      [stateFileNames.classic]: await classic.finish(),
      [stateFileNames.errors]: await errors.finish(),
    };
    // If Redis loses changes made during the write, it is at `before` again, and the files would know more.
    const revision = (await checkpoints.inventory.revision()) === before ? before : null;
    await assertGeneration(checkpoints, generation);
    if (!(await lock.renew())) return null;
    for (const file of files) await file.replace();
    const run = await lastRun(checkpoints);
    await replaceManifest(stateDir, {
      prefix: checkpoints.prefix,
      schema_version: stateSchemaVersion,
      written_at: writtenAt,
      revision,
      counts: { utz: counts.utz, classicut: counts.classic, errors: counts.errors },
      sha256,
      ...(notFinal.length > 0 && { not_final: notFinal }),
      ...(run && { last_run: run }),
    });
    return { revision, counts };
  } finally {
    await Promise.all(files.map((file) => file.discard()));
  }
}

/** Notes the last run in the manifest of files that were written before it ended: it may have changed nothing in them. */
export async function noteLastRun({ checkpoints, stateDir }: Omit<WriteOptions, 'generation'>): Promise<void> {
  const run = await lastRun(checkpoints);
  if (run === null || (await readManifest(stateDir))?.last_run?.id === run.id) return;
  const { client, prefix } = checkpoints;
  // Another process that writes now notes it.
  await withLock({ client, key: `${prefix}:exporting`, ttlMs: lockMs }, async () => {
    const manifest = await readManifest(stateDir);
    if (manifest?.sha256 !== undefined) await replaceManifest(stateDir, { ...manifest, last_run: run });
  });
}

/** The run that ended last, for the manifest; null where none has. */
async function lastRun({ runs }: Checkpoints): Promise<NonNullable<Manifest['last_run']> | null> {
  const over = (await runs.list()).filter((run) => phaseOf(run) === 'over').map((run) => runJson(run));
  const [last] = over.sort((a, b) => ((a.finished_at ?? '') < (b.finished_at ?? '') ? 1 : -1));
  if (last === undefined) return null;
  const { id, selection, started_at, finished_at, duration_ms, requests, throttled, changes } = last;
  return { id, selection, started_at, finished_at, duration_ms, requests, throttled, changes };
}
