import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Checkpoints } from '@inventory/checkpoints';
import { ReplacementFile } from '@inventory/files';
import { type HeldLock, withLock } from '@inventory/redis';
import { assertGeneration, generationOf } from '../generation.ts';
import { stateDirError } from '../in-state-dir.ts';
import { manifestOf } from '../manifest/manifest-of.ts';
import { claimStateDir } from '../manifest/own-state-dir.ts';
import { replaceManifest } from '../manifest/replace-manifest.ts';
import { type StateFileName, stateFileNames } from '../state-file-names.ts';
import { type StateCounts, writeContents } from './write-contents.ts';

/** What was written. */
export interface WrittenState {
  /** The files show exactly this revision of the checkpoints; null when it moved while they were written. */
  readonly revision: number | null;
  readonly counts: StateCounts;
  readonly durationMs: number;
}

export interface WriteStateFilesOptions {
  /** Checkpoints that are in use (`import.ensureInUse`). */
  readonly checkpoints: Checkpoints;
  /** Folder of the files; made if there is none. */
  readonly stateDir: string;
  /** Write only if the checkpoints are still of this generation; by default whatever they are now. */
  readonly generation?: string;
}

/** How long the lock of a writer that died stands, in ms. */
const lockMs = 10_000;
const lookEveryMs = 50;

/**
 * Writes the three state files from the checkpoints, page by page: memory does not grow with the library. Nothing
 * is replaced before everything is on the disk; the manifest comes last. One process at a time writes for a prefix, so
 * that the slower one of two never puts older files in the place of newer ones.
 * @throws StateDirError when they cannot be written or belong to another prefix, CheckpointsLostError when the
 * checkpoints are not in use or were emptied meanwhile; either way the old files are left as they were.
 */
export async function writeStateFiles(options: WriteStateFilesOptions): Promise<WrittenState> {
  const { checkpoints, stateDir, generation = await generationOf(checkpoints) } = options;
  const { client, prefix } = checkpoints;
  const startedAt = performance.now();
  await assertGeneration(checkpoints, generation);
  await claimStateDir(stateDir, prefix);
  for (;;) {
    const turn = await withLock(client, `${prefix}:exporting`, lockMs, (lock) =>
      write(checkpoints, stateDir, generation, lock),
    );
    if (!turn.held) await sleep(lookEveryMs);
    else if (turn.result !== null) return { ...turn.result, durationMs: performance.now() - startedAt };
  }
}

/** @returns null when the lock was lost on the way: what another process wrote meanwhile may be newer */
async function write(
  checkpoints: Checkpoints,
  stateDir: string,
  generation: string,
  lock: HeldLock,
): Promise<Omit<WrittenState, 'durationMs'> | null> {
  const files: ReplacementFile[] = [];
  const begin = async (name: StateFileName): Promise<ReplacementFile> => {
    const path = join(stateDir, name);
    const file = await ReplacementFile.begin(path, { explain: (error) => stateDirError('written', path, error) });
    files.push(file);
    return file;
  };
  try {
    const utz = await begin(stateFileNames.utz);
    const classic = await begin(stateFileNames.classic);
    const errors = await begin(stateFileNames.errors);
    const at = Date.now();
    const before = await checkpoints.inventory.revision();
    const counts = await writeContents(checkpoints, { utz, classic, errors });
    const sha256 = { utz: await utz.finish(), classic: await classic.finish(), errors: await errors.finish() };
    // A Redis that loses what came meanwhile is at `before` again, and the files would know more.
    const revision = (await checkpoints.inventory.revision()) === before ? before : null;
    await assertGeneration(checkpoints, generation);
    if (!(await lock.renew())) return null;
    for (const file of files) await file.replace();
    await replaceManifest(stateDir, manifestOf({ prefix: checkpoints.prefix, at, revision, counts, sha256 }));
    return { revision, counts };
  } finally {
    await Promise.all(files.map((file) => file.discard()));
  }
}
