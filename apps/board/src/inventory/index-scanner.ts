import type { Checkpoints, Outcome } from '@inventory/checkpoints';
import type { Logger } from '@inventory/logger';
import { scanTests } from './scan-tests.ts';
import type { TestIndex } from './test-index.ts';

/** What one look at the checkpoints saw. */
export interface Signs {
  readonly revision: number;
  /** The revision of the latest change that no outcome tells. */
  readonly untold: number;
  /** How many tests wait for their outcome. */
  readonly open: number;
  /** All workspaces, as text. */
  readonly workspaces: string;
}

/** A scan takes at most this share of the time. */
const share = 1 / 10;

/** Scans the checkpoints when something has changed that no outcome tells. One scan at a time. */
export class IndexScanner {
  readonly loaded: Promise<void>;
  readonly #checkpoints: Checkpoints;
  readonly #index: TestIndex;
  readonly #markLoaded: () => void;
  /** The latest change that no outcome tells and that the index has; null before the first scan. */
  #untold: number | null = null;
  /** The revision at the last look. */
  #revision = 0;
  #workspaces = '';
  #nextAt = 0;
  #scan: Promise<void> | null = null;
  /** Outcomes that fell while the scan was going on: it may have read their tests before. */
  #meanwhile: Outcome[] = [];

  constructor(checkpoints: Checkpoints, index: TestIndex) {
    this.#checkpoints = checkpoints;
    this.#index = index;
    const { promise, resolve } = newPromise();
    this.loaded = promise;
    this.#markLoaded = resolve;
  }

  remember(outcomes: readonly Outcome[]): void {
    if (this.#scan !== null) this.#meanwhile.push(...outcomes);
  }

  /** Has all tests read again, as outcomes may have been missed. */
  distrust(): void {
    this.#untold = null;
  }

  /** Starts a scan if one is needed and due. @param signal says that nobody waits for it any more */
  look({ revision, untold, open, workspaces }: Signs, logger: Logger, signal: AbortSignal): void {
    // Redis has lost its last writes: outcomes that are known may be among them.
    if (revision < this.#revision) this.distrust();
    this.#revision = revision;
    if (this.#scan !== null || performance.now() < this.#nextAt) return;
    if (untold === this.#untold && workspaces === this.#workspaces && open === this.#index.open.size) return;
    this.#untold = untold;
    this.#workspaces = workspaces;
    this.#scan = this.#run(logger, signal);
  }

  async settled(): Promise<void> {
    await this.#scan;
  }

  async #run(logger: Logger, signal: AbortSignal): Promise<void> {
    const startedAt = performance.now();
    try {
      this.#index.replace(await scanTests(this.#checkpoints, this.#index.store));
      this.#index.apply(this.#meanwhile);
      this.#markLoaded();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (!signal.aborted) logger.warn({ reason }, 'not all tests could be read; another try follows');
      this.#untold = null;
    }
    const ms = performance.now() - startedAt;
    logger.debug({ ms: Math.round(ms), tests: this.#index.store.size }, 'read all tests');
    this.#meanwhile = [];
    this.#nextAt = performance.now() + ms / share;
    this.#scan = null;
  }
}

function newPromise(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
