import { setTimeout as sleep } from 'node:timers/promises';
import { keptOutcomes, type OutcomeFeed } from '@inventory/checkpoints';
import { messageOf } from '@inventory/logger';
import { readSchedules, type Schedule } from '@inventory/queue';
import type { Runtime } from '@inventory/runtime';
import { readShortStatus, type ShortStatus } from '@inventory/status';
import { IndexScanner } from './index-scanner.ts';
import type { TestIndex } from './test-index.ts';

/** A look takes milliseconds; after this time without one, Redis is away or hangs. */
const staleAfterMs = 5_000;
/** A schedule changes seldom: it is read so seldom, ms. */
const schedulesEveryMs = 15_000;

/**
 * Looks at the checkpoints and brings the index up to date: outcomes at once, everything else through a scan in the
 * background. One look at a time.
 */
export class IndexKeeper {
  readonly #runtime: Runtime;
  readonly #index: TestIndex;
  readonly #scanner: IndexScanner;
  #feed: OutcomeFeed | null = null;
  #status: ShortStatus | null = null;
  #lookedAt = 0;
  #schedules: readonly Schedule[] = [];
  #schedulesAt = Number.NEGATIVE_INFINITY;

  constructor(runtime: Runtime, index: TestIndex) {
    this.#runtime = runtime;
    this.#index = index;
    this.#scanner = new IndexScanner(runtime.checkpoints, index);
  }

  /** The status at the last look; null before the first one. */
  get status(): ShortStatus | null {
    return this.#status;
  }

  get schedules(): readonly Schedule[] {
    return this.#schedules;
  }

  /** The cursor of a change that the index has, with all before it: what came after is in the changes. */
  get cursor(): string {
    return this.#scanner.cursor;
  }

  /** Whether the status is old, because Redis does not answer. */
  get stale(): boolean {
    return this.#status !== null && performance.now() - this.#lookedAt > staleAfterMs;
  }

  /** Resolves when all tests have been read for the first time. */
  get loaded(): Promise<void> {
    return this.#scanner.loaded;
  }

  /**
   * Looks again and again until the signal, half as often while no test is open. While Redis is away a look waits for it,
   * which is logged; a look that fails is logged once and tried again.
   */
  async watch(everyMs: number, signal: AbortSignal): Promise<void> {
    const { logger } = this.#runtime;
    let failure = '';
    while (!signal.aborted) {
      const late = setTimeout(() => logger.warn('Redis does not answer; the board shows what it has'), staleAfterMs);
      const reason = await this.look(signal).then(() => '', messageOf);
      clearTimeout(late);
      if (reason !== failure && reason !== '' && !signal.aborted) {
        logger.warn({ reason }, 'could not read the checkpoints; the board shows what it has');
      }
      failure = reason;
      const restMs = this.#status?.totals.open === 0 ? 2 * everyMs : everyMs;
      await sleep(restMs, undefined, { signal }).catch(() => undefined);
    }
    await this.#scanner.idle();
  }

  /** One look, which may start a scan. @param signal says that it is the last one */
  async look(signal: AbortSignal): Promise<void> {
    const { checkpoints, logger } = this.#runtime;
    this.#feed ??= await checkpoints.follow();
    // Read before the outcomes: what comes in between is known, or seen at the next look.
    const cursor = await checkpoints.changes.last();
    const revisions = await checkpoints.inventory.revisions();
    if ((await this.#readOutcomes(this.#feed)) >= keptOutcomes) this.#scanner.invalidate();
    const [status, workspaces] = await Promise.all([readShortStatus(this.#runtime), checkpoints.listing.workspaces()]);
    this.#status = status;
    this.#lookedAt = performance.now();
    if (this.#lookedAt - this.#schedulesAt > schedulesEveryMs) {
      this.#schedules = await readSchedules(this.#runtime.keyspace, status.pace.now);
      this.#schedulesAt = this.#lookedAt;
    }
    const open = status.totals.open;
    this.#scanner.look({ ...revisions, open, cursor, workspaces: JSON.stringify([...workspaces]) }, logger, signal);
  }

  /** Resolves when no scan is running. */
  idle(): Promise<void> {
    return this.#scanner.idle();
  }

  async #readOutcomes(feed: OutcomeFeed): Promise<number> {
    for (let read = 0; ; ) {
      const outcomes = await feed.read();
      read += outcomes.length;
      this.#index.apply(outcomes);
      this.#scanner.remember(outcomes);
      if (!feed.behind) return read;
    }
  }
}
