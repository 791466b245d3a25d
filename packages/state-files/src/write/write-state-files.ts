import { join } from 'node:path';
import type { Checkpoints } from '@inventory/checkpoints';
import { assertGeneration, generationOf } from '../generation.ts';
import { claimStateDir } from '../manifest.ts';
import { type StateFileName, stateFileNames } from '../state-file-names.ts';
import { fileMarks } from './file-marks.ts';
import { ReplacementFile } from './replacement-file.ts';
import { syncFolder } from './sync-folder.ts';
import { type StateCounts, writeContents } from './write-contents.ts';

/** What was written. */
export interface WrittenState {
  /** The files show everything up to this revision of the checkpoints, and exactly that unless it has moved since. */
  readonly revision: number;
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

const tries = 3;

/**
 * Writes the three state files from the checkpoints, page by page: memory does not grow with the library. Nothing
 * is replaced before everything is on the disk.
 * @throws StateDirError when they cannot be written or belong to another prefix, CheckpointsLostError when the
 * checkpoints are not in use or were emptied meanwhile; either way the old files are left as they were.
 */
export async function writeStateFiles(options: WriteStateFilesOptions): Promise<WrittenState> {
  const { checkpoints, stateDir, generation = await generationOf(checkpoints) } = options;
  const startedAt = performance.now();
  await assertGeneration(checkpoints, generation);
  await claimStateDir(stateDir, checkpoints.prefix);
  for (let left = tries - 1; ; left -= 1) {
    const written = await write(checkpoints, stateDir, generation, left > 0);
    if (written !== null) return { ...written, durationMs: performance.now() - startedAt };
  }
}

/** @returns null when `yielding` and another process replaced the files meanwhile: what it wrote may be newer */
async function write(
  checkpoints: Checkpoints,
  stateDir: string,
  generation: string,
  yielding: boolean,
): Promise<Omit<WrittenState, 'durationMs'> | null> {
  const files: ReplacementFile[] = [];
  const begin = async (name: StateFileName): Promise<ReplacementFile> => {
    const file = await ReplacementFile.begin(join(stateDir, name));
    files.push(file);
    return file;
  };
  try {
    const before = await fileMarks(stateDir);
    const utz = await begin(stateFileNames.utz);
    const classic = await begin(stateFileNames.classic);
    const errors = await begin(stateFileNames.errors);
    const revision = await checkpoints.inventory.revision();
    const counts = await writeContents(checkpoints, { utz, classic, errors });
    for (const file of files) await file.finish();
    await assertGeneration(checkpoints, generation);
    if (yielding && (await fileMarks(stateDir)).identity !== before.identity) return null;
    for (const file of files) await file.replace();
    await syncFolder(stateDir);
    return { revision, counts };
  } finally {
    await Promise.all(files.map((file) => file.discard()));
  }
}
