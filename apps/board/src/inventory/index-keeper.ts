import { fullTake, keptOutcomes, type OutcomeFeed } from '@inventory/checkpoints';
import type { Logger } from '@inventory/logger';
import type { Runtime } from '@inventory/runtime';
import { readStanding, type StandingFacts } from '@inventory/status';
import { IndexScanner } from './index-scanner.ts';
import type { TestIndex } from './test-index.ts';

/** A look takes milliseconds; after this time without one Redis is away or hangs. */
export const staleAfterMs = 5_000;

/**
 * Looks at the checkpoints and brings the index up to date: outcomes at once, everything else through a scan in the
 * background. One look at a time.
 */
export class IndexKeeper {
  readonly #runtime: Runtime;
  readonly #index: TestIndex;
  readonly #scanner: IndexScanner;
  #feed: OutcomeFeed | null = null;
  #standing: StandingFacts | null = null;
  #lookedAt = 0;

  constructor(runtime: Runtime, index: TestIndex) {
    this.#runtime = runtime;
    this.#index = index;
    this.#scanner = new IndexScanner(runtime.checkpoints, index);
  }

  /** How things stood at the last look; null before the first one. */
  get standing(): StandingFacts | null {
    return this.#standing;
  }

  /** Whether what was read is old, because Redis does not answer. */
  get stale(): boolean {
    return this.#standing !== null && performance.now() - this.#lookedAt > staleAfterMs;
  }

  /** Resolves when all tests have been read for the first time. */
  get loaded(): Promise<void> {
    return this.#scanner.loaded;
  }

  /** One look. @param signal says that it is the last one */
  async look(logger: Logger, signal: AbortSignal): Promise<void> {
    const { checkpoints } = this.#runtime;
    this.#feed ??= await checkpoints.follow();
    // Read before the outcomes: what comes in between is known, or seen at the next look.
    const revisions = await checkpoints.inventory.revisions();
    if ((await this.#takeOutcomes(this.#feed)) >= keptOutcomes) this.#scanner.distrust();
    const [standing, workspaces] = await Promise.all([readStanding(this.#runtime), checkpoints.listing.workspaces()]);
    this.#standing = standing;
    this.#lookedAt = performance.now();
    const open = standing.totals.open;
    this.#scanner.look({ ...revisions, open, workspaces: JSON.stringify([...workspaces]) }, logger, signal);
  }

  /** Ends when no scan is going on. */
  async settled(): Promise<void> {
    await this.#scanner.settled();
  }

  async #takeOutcomes(feed: OutcomeFeed): Promise<number> {
    for (let taken = 0; ; ) {
      const outcomes = await feed.take();
      taken += outcomes.length;
      this.#index.apply(outcomes);
      this.#scanner.remember(outcomes);
      if (outcomes.length < fullTake) return taken;
    }
  }
}
