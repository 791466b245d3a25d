import { setTimeout as sleep } from 'node:timers/promises';
import { Pace, TestQueue } from '@inventory/queue';
import type { Runtime } from '@inventory/runtime';
import { boardApp } from './board-app.ts';
import { IndexKeeper } from './inventory/index-keeper.ts';
import { TestIndex } from './inventory/test-index.ts';
import { watchInventory } from './inventory/watch-inventory.ts';
import { listen } from './server/listen.ts';

/** A board that is listening. */
export interface RunningBoard {
  /** Where it is, without a slash at the end. */
  readonly url: string;
  /** Ends it within a second, whoever is connected. */
  stop(): Promise<void>;
}

export interface StartBoardOptions {
  readonly runtime: Runtime;
  /** Time between two looks at the checkpoints, ms; 1,000 unless said otherwise. */
  readonly lookEveryMs?: number;
}

/** Time for what is going on when the board is stopped, ms. */
const lastMoments = 300;

/**
 * Starts the board on the host and port of the settings. It holds all tests in memory and keeps them up to date.
 * @throws SettingsError when it cannot listen there
 */
export async function startBoard({ runtime, lookEveryMs = 1_000 }: StartBoardOptions): Promise<RunningBoard> {
  const { settings, client, logger } = runtime;
  const index = new TestIndex();
  const keeper = new IndexKeeper(runtime, index);
  const { queuePrefix, requestIntervalMs } = settings;
  const queue = new TestQueue(client, queuePrefix, new Pace(client, queuePrefix, requestIntervalMs));
  const app = boardApp({ runtime, index, keeper, queue });
  const server = await listen(app.fetch, settings);
  const stopping = new AbortController();
  const watching = watchInventory({ keeper, logger, lookEveryMs, signal: stopping.signal });
  const stop = async (): Promise<void> => {
    stopping.abort();
    const ended = watching.then(() => keeper.settled()).then(() => queue.close());
    await Promise.all([server.close(lastMoments), Promise.race([ended, sleep(lastMoments)])]);
  };
  return { url: server.url, stop };
}
