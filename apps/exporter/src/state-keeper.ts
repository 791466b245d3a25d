import type { Checkpoints } from '@inventory/checkpoints';
import type { Logger } from '@inventory/logger';
import {
  CheckpointsLostError,
  type FileMarks,
  type FilesAsWritten,
  fileMarks,
  generationOf,
  importStateFiles,
  writeStateFiles,
} from '@inventory/state-files';
import { type LastWrite, msUntilNextWrite } from './write-pace.ts';

export interface StateKeeperOptions {
  readonly checkpoints: Checkpoints;
  readonly stateDir: string;
  /** Least time between two writes while work goes on, in ms. */
  readonly exportIntervalMs: number;
  readonly logger: Logger;
}

/** Knows what stands in the state files and brings them up to date. One call at a time. */
export class StateKeeper {
  readonly #options: StateKeeperOptions;
  /** The checkpoints that the files come from. */
  #generation: string | null = null;
  /** What stands in the files; null when they may be anything. */
  #written: FilesAsWritten | null;
  #lastWrite: LastWrite | null = null;
  #failure: Error | null = null;

  /** @param found what the files show already, if that is known */
  constructor(options: StateKeeperOptions, found: FilesAsWritten | null) {
    this.#options = options;
    this.#written = found;
  }

  /** Why the files are behind the checkpoints; null when the last write went well. */
  get failure(): Error | null {
    return this.#failure;
  }

  /** Brings the checkpoints into use, from the state files if there are none. @throws StateDirError */
  async prepare(): Promise<void> {
    const { checkpoints, logger } = this.#options;
    let imported = false;
    await checkpoints.import.ensureInUse(async () => {
      imported = true;
      await this.#import();
    });
    const generation = await generationOf(checkpoints);
    const changed = generation !== this.#generation;
    if (changed && this.#generation !== null) {
      if (!imported) await this.#import();
      logger.warn('Redis was emptied meanwhile; the state files were kept, and what they know was taken over again');
    }
    this.#generation = generation;
  }

  /** Writes if the checkpoints have moved or a file is gone, and a write is due. @returns ms until one is due, or null */
  async update(): Promise<number | null> {
    return await this.#attempt(async () => {
      if (!(await this.#isBehind((marks) => marks.missing))) return null;
      // A file that somebody removed comes back at once.
      const rightAway = this.#written !== null && (await fileMarks(this.#options.stateDir)).missing;
      const wait = msUntilNextWrite(this.#lastWrite, this.#options.exportIntervalMs, performance.now());
      if (wait > 0 && !rightAway) return wait;
      await this.#write();
      return null;
    });
  }

  /** Writes now unless the files are exact and nobody has touched them. */
  async bringUpToDate(): Promise<void> {
    const ended = await this.#attempt(async () => {
      if (await this.#isBehind((marks) => marks.identity !== this.#written?.marks.identity)) await this.#write();
      return null;
    });
    // Redis was emptied under the write: once more from what the files know.
    if (ended === 0) await this.bringUpToDate();
  }

  /** Notes why the files stay behind. Said once as long as it stays the same. */
  fail(error: Error): void {
    if (error.message !== this.#failure?.message) this.#options.logger.error(error.message);
    this.#failure = error;
    this.#written = null;
  }

  async #attempt(work: () => Promise<number | null>): Promise<number | null> {
    try {
      await this.prepare();
      return await work();
    } catch (error) {
      if (error instanceof CheckpointsLostError) return 0;
      this.fail(error instanceof Error ? error : new Error(String(error)));
      return null;
    }
  }

  async #isBehind(touched: (marks: FileMarks) => boolean): Promise<boolean> {
    const revision = await this.#options.checkpoints.inventory.revision();
    if (this.#written?.revision !== revision) return true;
    return touched(await fileMarks(this.#options.stateDir));
  }

  async #write(): Promise<void> {
    const { checkpoints, stateDir, logger } = this.#options;
    const startedAt = performance.now();
    let failed = true;
    try {
      const generation = this.#generation ?? (await generationOf(checkpoints));
      const { counts, revision, durationMs } = await writeStateFiles({ checkpoints, stateDir, generation });
      this.#written = { revision, marks: await fileMarks(stateDir) };
      logger.debug({ ...counts, revision, durationMs: Math.round(durationMs) }, 'written');
      if (this.#failure !== null) logger.info('the state files are written again');
      this.#failure = null;
      failed = false;
    } finally {
      this.#lastWrite = { startedAt, durationMs: performance.now() - startedAt, failed };
    }
  }

  async #import(): Promise<void> {
    const { checkpoints, stateDir, logger } = this.#options;
    await importStateFiles({ checkpoints, stateDir, queuePrefix: checkpoints.prefix, logger });
  }
}
