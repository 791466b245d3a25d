import { setTimeout as sleep } from 'node:timers/promises';
import { type RedisClient, redisAway } from '@inventory/redis';
import { type StateCounts, StateDir } from '@inventory/state-files';
import { StateKeeper, type StateKeeperOptions } from './state-keeper.ts';

/** A runtime, or the parts of it that an exporter needs. */
export interface ExporterOptions extends StateKeeperOptions {
  /** How often the checkpoints are read, ms; 250 by default. */
  readonly lookEveryMs?: number;
  /** How long `stop` waits for a Redis that is away, ms; 10,000 by default. */
  readonly waitForRedisMs?: number;
}

/**
 * Keeps the state files up to date until it is stopped. When Redis was emptied, it imports the files first: they are
 * never replaced by less than they knew. A write that fails is logged once and tried again.
 */
export class Exporter {
  readonly #keeper: StateKeeper;
  readonly #client: RedisClient;
  readonly #waitForRedisMs: number;
  readonly #stopping = new AbortController();
  readonly #looking: Promise<void>;
  /** Settles when the keeper is free. */
  #turn: Promise<unknown> = Promise.resolve();
  #stopped: Promise<void> | null = null;

  private constructor(
    keeper: StateKeeper,
    { checkpoints, lookEveryMs = 500, waitForRedisMs = 10_000 }: ExporterOptions,
  ) {
    this.#keeper = keeper;
    this.#client = checkpoints.client;
    this.#waitForRedisMs = waitForRedisMs;
    this.#looking = this.#look(lookEveryMs);
  }

  /** @throws StateDirError when the files belong to another prefix, or those to import cannot be read */
  static async start(options: ExporterOptions): Promise<Exporter> {
    return new Exporter(await StateKeeper.open(options), options);
  }

  /** Why the files are behind the checkpoints; null when the last write succeeded. A process ends with 1 then. */
  get lastError(): Error | null {
    return this.#keeper.failure;
  }

  /**
   * Brings the files up to date with what the checkpoints hold at the call. Waits for Redis. If it fails,
   * {@link lastError} says why. Nothing is written behind {@link stop}, whose caller may close the connection.
   */
  async flush(): Promise<void> {
    await this.#inTurn(async () => {
      if (!this.#stopping.signal.aborted) await this.#keeper.bringUpToDate();
    });
  }

  /** Flushes and ends; does not wait for a Redis that stays away. May be called twice. */
  async stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    await this.#stopped;
  }

  async #stop(): Promise<void> {
    this.#stopping.abort();
    const done = new AbortController();
    const written = this.#inTurn(() => this.#keeper.bringUpToDate());
    const flushed = Promise.all([written, this.#looking]).then(() => true);
    const away = redisAway(this.#client, this.#waitForRedisMs, done.signal).then(() => false);
    const exact = await Promise.race([flushed, away]);
    done.abort();
    if (exact) return;
    this.#keeper.fail(new Error('Redis does not answer: the state files may be behind. Run the exporter again.'));
  }

  async #look(everyMs: number): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const update = await this.#inTurn(() => this.#keeper.update());
      const waitMs = update.state === 'waiting' ? Math.min(everyMs, update.dueInMs) : everyMs;
      await sleep(update.state === 'checkpoints lost' ? 0 : waitMs, undefined, { signal }).catch(() => undefined);
    }
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(work);
    this.#turn = result;
    return result;
  }
}

/**
 * Writes the state files once, after the same preparation as {@link Exporter.start}.
 * @returns how many records each file holds
 * @throws StateDirError, CheckpointsLostError
 */
export async function writeOnce({ checkpoints, settings, logger }: ExporterOptions): Promise<StateCounts> {
  const stateDir = new StateDir(settings);
  await stateDir.assertOwn();
  await stateDir.removeLeftBehind();
  await stateDir.bringIntoUse(checkpoints, logger);
  await stateDir.keepCorrupt(logger);
  return (await stateDir.write(checkpoints)).counts;
}
