import { mkdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Checkpoints } from '@inventory/checkpoints';
import type { Category } from '@inventory/classification';
import type { Settings } from '@inventory/config';
import { codeOf, removeLeftBehind } from '@inventory/files';
import { displayPath, type Logger } from '@inventory/logger';
import { type AcceptLoss, assertSmallLoss, logRemarks } from './damage.ts';
import type { StateCounts } from './entries.ts';
import { inStateDir, nullIfMissing, StateDirError } from './errors.ts';
import { assertGeneration, generationOf } from './generation.ts';
import { type Imported, type ReadFile, readImports } from './imported.ts';
import {
  allStateFileNames,
  checkManifest,
  type Manifest,
  manifestName,
  readManifest,
  replaceManifest,
  type StateFileName,
  stateFileNames,
  stateSchemaVersion,
} from './manifest.ts';
import { readStateFile } from './reader.ts';
import { type Verification, verifyStateFiles } from './verification.ts';
import { noteLastRun, writeStateFiles } from './write.ts';

/** Which files are in the folder now. */
export interface FileMarks {
  readonly missing: boolean;
  /** Differs after any file was replaced, removed or changed. */
  readonly identity: string;
}

/** State files exactly as they were written. */
export interface FilesAsWritten {
  /** The revision of the checkpoints in them; null when it changed while they were written. */
  readonly revision: number | null;
  readonly marks: FileMarks;
}

/** Of the settings; the interval tells how long a loss takes. */
type StateDirSettings = Pick<Settings, 'stateDir' | 'queuePrefix'> & Partial<Pick<Settings, 'requestIntervalMs'>>;

const batchSize = 500;

/** `STATE_DIR`: the three state files of one account and their manifest. Every method may throw {@link StateDirError}. */
export class StateDir {
  readonly #path: string;
  readonly #prefix: string;
  readonly #requestIntervalMs: number;

  constructor({ stateDir, queuePrefix, requestIntervalMs = 6000 }: StateDirSettings) {
    this.#path = stateDir;
    this.#prefix = queuePrefix;
    this.#requestIntervalMs = requestIntervalMs;
  }

  /** Checks that the manifest, if there is one, assigns the files to this account's prefix. */
  async assertOwn(): Promise<void> {
    const owner = (await readManifest(this.#path))?.prefix ?? this.#prefix;
    if (owner === this.#prefix) return;
    throw new StateDirError(
      'foreign',
      `The state files in ${this.#path} belong to QUEUE_PREFIX ${owner} (says ${manifestName} there), not to ` +
        `${this.#prefix}: they were neither read nor changed. Choose another STATE_DIR, or remove ${manifestName} if ` +
        'they are yours.',
    );
  }

  /** Removes temporary files of interrupted writes, as far as possible. */
  async removeLeftBehind(): Promise<void> {
    const names: readonly string[] = [...allStateFileNames, manifestName];
    await removeLeftBehind(this.#path, (name) => names.includes(name));
  }

  /**
   * Renames unusable files to `NAME.corrupt-YYYYMMDDTHHMMSSZ` (UTC) and logs it. The next write rebuilds them from the
   * checkpoints.
   */
  async keepCorrupt(logger: Logger): Promise<void> {
    for (const name of allStateFileNames) {
      const file = await readStateFile(this.#path, name);
      if (file.state !== 'corrupt') continue;
      const path = join(this.#path, name);
      const time = new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '');
      const kept = await freePath(`${path}.corrupt-${time}Z`);
      const moved = await inStateDir('written', path, () => rename(path, kept).then(() => true, nullIfMissing));
      // Otherwise another process was faster.
      if (moved)
        logger.warn({ file: path, kept }, `${path} is unusable (${file.why}); kept as ${kept} and written again`);
    }
  }

  /**
   * Brings checkpoints into use: if Redis holds none, they are filled from the files. Damaged ones are kept aside then.
   * @param accept asked when the files have lost so many tests that it takes long to classify them again; no without it
   * @returns whether they were
   * @throws StateDirError `damaged` when that is not accepted; then nothing was changed
   */
  async bringIntoUse(checkpoints: Checkpoints, logger: Logger, accept?: AcceptLoss): Promise<boolean> {
    let generation: string | null = null;
    await checkpoints.import.ensureInUse(async () => {
      generation = await generationOf(checkpoints);
      await this.assertOwn();
      await assertSmallLoss(this.#path, this.#requestIntervalMs, accept);
      await this.#import(checkpoints, logger);
    });
    if (generation === null) return false;
    // Redis was emptied during the import: the checkpoints are in use, without what was imported until then.
    if ((await generationOf(checkpoints)) !== generation) await this.#import(checkpoints, logger);
    // Not before: a process that dies in the import leaves the damaged files to the next one.
    await this.keepCorrupt(logger);
    return true;
  }

  /**
   * Imports the files, of this program or of the tutorial's script, into checkpoints. What these know already stays. Logs
   * how much was imported.
   */
  async import(checkpoints: Checkpoints, logger: Logger): Promise<void> {
    await this.assertOwn();
    await this.#import(checkpoints, logger);
    await this.keepCorrupt(logger);
  }

  async #import(checkpoints: Checkpoints, logger: Logger): Promise<void> {
    const read: ReadFile[] = [];
    const counts = new Map<StateFileName, { imported: number; skipped: number }>();
    const count = (file: StateFileName, { items, skipped }: Imported<unknown>): void => {
      const before = counts.get(file) ?? { imported: 0, skipped: 0 };
      counts.set(file, { imported: before.imported + items.length, skipped: before.skipped + skipped });
    };
    await readImports(this.#path, {
      tests: async (portion, file) => {
        for (const tests of batches(portion.items)) await checkpoints.import.tests(tests);
        count(file, portion);
      },
      errors: async (portion, file) => {
        for (const errors of batches(portion.items)) await checkpoints.import.errors(errors);
        count(file, portion);
      },
      ended: (file) => void read.push(file),
    });
    for (const [name, { imported, skipped }] of counts) {
      const file = displayPath(join(this.#path, name));
      const noun = name === stateFileNames.errors ? 'error' : 'test';
      const what = imported === 1 ? noun : `${noun}s`;
      if (imported > 0) logger.info({ file, count: imported }, `imported ${imported} ${what} from ${file}`);
      if (skipped > 0) logger.warn({ file, skipped }, `skipped ${skipped} unusable or repeated records of ${file}`);
    }
    for (const file of read) logRemarks(this.#path, file, logger);
  }

  /** What {@link import} would import. Changes nothing. */
  async known() {
    await this.assertOwn();
    /** By test UUID. */
    const categories = new Map<string, Category>();
    /** Test UUIDs and `workspace:UUID`. */
    const failed = new Set<string>();
    await readImports(this.#path, {
      tests: ({ items }) => {
        for (const { uuid, category } of items) categories.set(uuid, category);
      },
      errors: ({ items }) => {
        for (const { key } of items) failed.add(key);
      },
    });
    return { categories, failed };
  }

  /**
   * Writes the files from checkpoints in use, and the folder if there is none.
   * @param generation write only if the checkpoints are still of this generation
   * @throws CheckpointsLostError when they are not, or were emptied since. As after any error, the old files are kept.
   */
  async write(checkpoints: Checkpoints, generation?: string): Promise<FilesAsWritten & { counts: StateCounts }> {
    const wanted = generation ?? (await generationOf(checkpoints));
    await assertGeneration(checkpoints, wanted);
    await this.#claim();
    const written = await writeStateFiles({ checkpoints, generation: wanted, stateDir: this.#path });
    return { ...written, marks: await this.marks() };
  }

  /** Notes in the manifest which run ended last, where no write has done so. @throws StateDirError */
  noteLastRun(checkpoints: Checkpoints): Promise<void> {
    return noteLastRun({ checkpoints, stateDir: this.#path });
  }

  manifest(): Promise<Manifest | null> {
    return readManifest(this.#path);
  }

  /** Looks at the files without reading them. */
  async marks(): Promise<FileMarks> {
    const marks = await Promise.all(allStateFileNames.map((name) => markOf(join(this.#path, name))));
    return { missing: marks.includes('missing'), identity: marks.join(' ') };
  }

  /** Reads the files; null when there are none, this version did not write them, or they were changed since. */
  async asWritten(): Promise<FilesAsWritten | null> {
    // First, so that files which are replaced from here on have other marks.
    const marks = await this.marks();
    const check = await checkManifest(this.#path);
    if (check.kind !== 'fits' || check.manifest.schema_version !== stateSchemaVersion) return null;
    const { revision } = check.manifest;
    return revision === undefined ? null : { revision, marks };
  }

  /** Reads the files back from the disk and checks them. Never throws: an unreadable file is a FAIL. */
  verify(): Promise<Verification> {
    return verifyStateFiles(this.#path);
  }

  /** Makes the folder if there is none, and notes there whose it is. */
  async #claim(): Promise<void> {
    await this.assertOwn();
    await inStateDir('written', this.#path, () => mkdir(this.#path, { recursive: true }));
    if ((await readManifest(this.#path)) === null) await replaceManifest(this.#path, { prefix: this.#prefix });
  }
}

async function markOf(path: string): Promise<string> {
  try {
    const { ino, mtimeNs, size } = await stat(path, { bigint: true });
    return `${ino}-${mtimeNs}-${size}`;
  } catch (error) {
    return ['ENOENT', 'ENOTDIR'].includes(codeOf(error)) ? 'missing' : codeOf(error);
  }
}

async function freePath(wanted: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const path = number === 1 ? wanted : `${wanted}-${number}`;
    if ((await stat(path).catch(() => null)) === null) return path;
  }
}

function* batches<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  for (let from = 0; from < items.length; from += batchSize) yield items.slice(from, from + batchSize);
}
