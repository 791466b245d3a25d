import { setTimeout as sleep } from 'node:timers/promises';
import { redisAway } from '@inventory/redis';
import { assertOwnStateDir, filesAsWritten, keepCorruptFiles, removeLeftBehindFiles } from '@inventory/state-files';
import { StateKeeper, type StateKeeperOptions } from './state-keeper.ts';

/** An exporter at work. */
export interface RunningExporter {
  /**
   * Ends when the files are exact for what the checkpoints held when it was called, or could not be written:
   * then `lastError` says why. Waits for Redis.
   */
  flush(): Promise<void>;
  /** Flushes and ends; a Redis that stays away for ten seconds is not waited for. May be called twice. */
  stop(): Promise<void>;
  /** Why the files are behind the checkpoints; null when the last write went well. A process ends with 1 then. */
  lastError(): Error | null;
}

export interface StartExporterOptions extends StateKeeperOptions {
  /** How often the checkpoints are looked at, in ms; 250 by default. */
  readonly lookEveryMs?: number;
  /** How long `stop` waits for a Redis that is away, in ms; 10,000 by default. */
  readonly waitForRedisMs?: number;
}

/**
 * Keeps the state files up to date until it is stopped. Unusable files are put aside first, left-over temporary
 * files removed, and checkpoints that are not in use filled from the state files; also later, when Redis was
 * emptied: files are never overwritten by less than they knew. A write that fails is logged once and tried again.
 * @throws StateDirError when the files belong to another prefix, or those to import cannot be read.
 */
export async function startExporter(options: StartExporterOptions): Promise<RunningExporter> {
  const { checkpoints, stateDir, logger, lookEveryMs = 250, waitForRedisMs = 10_000 } = options;
  await assertOwnStateDir(stateDir, checkpoints.prefix);
  await removeLeftBehindFiles(stateDir);
  const found = await filesAsWritten(stateDir);
  const keeper = new StateKeeper(options, found);
  if (found === null) await keepCorruptFiles(stateDir, logger).catch((error: Error) => keeper.fail(error));
  await keeper.prepare();

  const stopping = new AbortController();
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const result = turn.then(work);
    turn = result;
    return result;
  };
  const looking = (async () => {
    while (!stopping.signal.aborted) {
      const due = await inTurn(() => keeper.update());
      await sleep(Math.min(lookEveryMs, due ?? lookEveryMs), undefined, { signal: stopping.signal }).catch(
        () => undefined,
      );
    }
  })();
  const flush = (): Promise<void> => inTurn(() => keeper.bringUpToDate());
  let stopped: Promise<void> | null = null;

  async function stop(): Promise<void> {
    stopping.abort();
    const done = new AbortController();
    const flushed = flush()
      .then(() => looking)
      .then(() => true);
    const away = redisAway(checkpoints.client, waitForRedisMs, done.signal).then(() => false);
    const exact = await Promise.race([flushed, away]);
    done.abort();
    if (!exact) keeper.fail(new Error('Redis does not answer: the state files may be behind. Run the exporter again.'));
  }

  return {
    flush,
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
    lastError: () => keeper.failure,
  };
}
