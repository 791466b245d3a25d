import type { Checkpoints } from '@inventory/checkpoints';
import type { Settings } from '@inventory/config';
import { type Logger, messageOf } from '@inventory/logger';
import { CheckpointsLostError, type FilesAsWritten, generationOf, StateDir } from '@inventory/state-files';

export interface StateKeeperOptions {
  readonly checkpoints: Checkpoints;
  readonly settings: Pick<Settings, 'stateDir' | 'queuePrefix' | 'exportIntervalMs'>;
  readonly logger: Logger;
}

/** The state of the files after an attempt to bring them up to date. */
export type FileState =
  | { readonly state: 'exact' }
  /** They are behind, and may be written after this time (ms). */
  | { readonly state: 'waiting'; readonly dueInMs: number }
  /** Redis was emptied during the write; they are as they were. */
  | { readonly state: 'checkpoints lost' }
  /** They could not be written; {@link StateKeeper.failure} says why. */
  | { readonly state: 'failed' };

const exact: FileState = { state: 'exact' };

/** Knows what is in the state files and brings them up to date. One call at a time. */
export class StateKeeper {
  readonly #checkpoints: Checkpoints;
  readonly #stateDir: StateDir;
  readonly #intervalMs: number;
  readonly #logger: Logger;
  /** Of the checkpoints in the files. */
  #generation: string | null = null;
  /** What is in the files; null when that is unknown. */
  #written: FilesAsWritten | null = null;
  #lastWrite: LastWrite | null = null;
  #failure: Error | null = null;

  private constructor({ checkpoints, settings, logger }: StateKeeperOptions) {
    this.#checkpoints = checkpoints;
    this.#stateDir = new StateDir(settings);
    this.#intervalMs = settings.exportIntervalMs;
    this.#logger = logger;
  }

  /**
   * Checks the existing files: removes temporary ones of interrupted writes, fills checkpoints that are not in use
   * from them, and keeps unusable ones aside.
   * @throws StateDirError when they belong to another prefix, or cannot be imported
   */
  static async open(options: StateKeeperOptions): Promise<StateKeeper> {
    const keeper = new StateKeeper(options);
    const stateDir = keeper.#stateDir;
    await stateDir.assertOwn();
    await stateDir.removeLeftBehind();
    keeper.#written = await stateDir.asWritten();
    // First, because what can be read of an unusable file is imported.
    await keeper.#prepare();
    if (keeper.#written === null) {
      await stateDir.keepCorrupt(options.logger).catch((error: unknown) => keeper.fail(error));
    }
    return keeper;
  }

  /** Why the files are behind the checkpoints; null when the last write succeeded. */
  get failure(): Error | null {
    return this.#failure;
  }

  /** Writes the files if they are behind and a write is due. A missing file is due at once. */
  async update(): Promise<FileState> {
    return await this.#attempt(async () => {
      const { missing } = await this.#stateDir.marks();
      if (!missing && (await this.#hasLatest())) return exact;
      const removed = missing && this.#written !== null;
      const dueInMs = removed ? 0 : await this.#msUntilNextWrite();
      return dueInMs > 0 ? { state: 'waiting', dueInMs } : await this.#write();
    });
  }

  /** Writes the files now unless they are exact and untouched. */
  async bringUpToDate(): Promise<void> {
    const { state } = await this.#attempt(async () => {
      const { identity } = await this.#stateDir.marks();
      const untouched = identity === this.#written?.marks.identity;
      if (!untouched || !(await this.#hasLatest())) return await this.#write();
      await this.#stateDir.noteLastRun(this.#checkpoints);
      return exact;
    });
    if (state === 'checkpoints lost') await this.bringUpToDate();
  }

  /** Notes why the files stay behind. The same reason is logged once. */
  fail(error: unknown): void {
    const failure = error instanceof Error ? error : new Error(messageOf(error));
    if (failure.message !== this.#failure?.message) this.#logger.error(failure.message);
    this.#failure = failure;
    this.#written = null;
  }

  async #attempt(work: () => Promise<FileState>): Promise<FileState> {
    try {
      await this.#prepare();
      return await work();
    } catch (error) {
      if (error instanceof CheckpointsLostError) return { state: 'checkpoints lost' };
      this.fail(error);
      return { state: 'failed' };
    }
  }

  /** Brings the checkpoints into use. If Redis was emptied, they first get what the files know. */
  async #prepare(): Promise<void> {
    const imported = await this.#stateDir.bringIntoUse(this.#checkpoints, this.#logger);
    const generation = await generationOf(this.#checkpoints);
    if (this.#generation !== null && generation !== this.#generation) {
      if (!imported) await this.#stateDir.import(this.#checkpoints, this.#logger);
      this.#logger.warn('Redis was emptied; the state files were kept and imported again');
    }
    this.#generation = generation;
  }

  async #msUntilNextWrite(): Promise<number> {
    const tests = await this.#checkpoints.inventory.size();
    const now = performance.now();
    return msUntilNextWrite(this.#lastWrite, { intervalMs: this.#intervalMs, tests, now });
  }

  async #hasLatest(): Promise<boolean> {
    return this.#written?.revision === (await this.#checkpoints.inventory.revision());
  }

  async #write(): Promise<FileState> {
    const startedAt = performance.now();
    let failed = true;
    try {
      const { counts, ...written } = await this.#stateDir.write(this.#checkpoints, this.#generation ?? undefined);
      this.#written = written;
      const durationMs = Math.round(performance.now() - startedAt);
      this.#logger.debug({ ...counts, revision: written.revision, durationMs }, 'written');
      if (this.#failure !== null) this.#logger.info('the state files are written again');
      this.#failure = null;
      failed = false;
      return exact;
    } finally {
      this.#lastWrite = { startedAt, durationMs: performance.now() - startedAt, failed };
    }
  }
}

/** Times in ms of a clock that only goes forward. */
export interface LastWrite {
  readonly startedAt: number;
  readonly durationMs: number;
  readonly failed: boolean;
}

/** A failed write is tried again after this time, however long the interval is, ms. */
const retryAfterMs = 1000;

/** What a write takes per test of a large library, ms (docs/performance.md): the last one may have been of a few tests. */
const perTestMs = 0.017;

interface WritePlan {
  readonly intervalMs: number;
  /** How many tests there are. */
  readonly tests: number;
  readonly now: number;
}

/** Time until the next write may begin, ms: writes take at most a quarter of the time. */
export function msUntilNextWrite(last: LastWrite | null, { intervalMs, tests, now }: WritePlan): number {
  if (last === null) return 0;
  const leastMs = last.failed ? Math.min(intervalMs, retryAfterMs) : intervalMs;
  const durationMs = Math.max(last.durationMs, tests * perTestMs);
  return Math.max(0, last.startedAt + Math.max(leastMs, 4 * durationMs) - now);
}
