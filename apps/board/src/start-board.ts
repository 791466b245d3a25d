import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { loadSettings } from '@inventory/config';
import {
  aborted,
  type CommandContext,
  type ExitCode,
  exitCode,
  openQueue,
  openRuntime,
  type Runtime,
} from '@inventory/runtime';
import { Command } from 'commander';
import { openBrowser, sayWhere } from './browser.ts';
import { IndexKeeper } from './inventory/index-keeper.ts';
import { TestIndex } from './inventory/test-index.ts';
import { boardApp } from './server/board-app.ts';
import { listen } from './server/listen.ts';

export function boardCommand({ signal, end }: CommandContext): Command {
  return new Command('board')
    .description('Shows the inventory in the browser, with an HTTP API, the queue and metrics, until it is stopped.')
    .addHelpText('after', '\nIt listens on BOARD_HOST and BOARD_PORT; visitors need BOARD_PASSWORD, if set.')
    .action(async () => end(await board(signal)));
}

async function board(signal: AbortSignal): Promise<ExitCode> {
  // All tests are in memory: collect garbage more often instead of letting it grow to their size.
  setFlagsFromString('--optimize-for-size');
  const settings = loadSettings({ needs: ['board'] });
  await using runtime = await openRuntime({ settings, name: 'board' });
  await using running = await startBoard({ runtime });
  const url = `${running.url}${settings.boardBasePath}`;
  sayWhere(url);
  openBrowser(url);
  await aborted(signal);
  return exitCode.done;
}

export interface RunningBoard extends AsyncDisposable {
  /** Where it is, without a slash at the end. */
  readonly url: string;
  /** Ends it within a second, even while clients are connected. */
  stop(): Promise<void>;
}

interface StartBoardOptions {
  readonly runtime: Runtime;
  /** Time between two reads of the checkpoints, ms; 1,000 by default. */
  readonly lookEveryMs?: number;
}

/** Time for answers and reads in progress when the board is stopped, ms. */
const grace = 300;

/**
 * Starts the board on the host and port of the settings. It holds all tests in memory and keeps them up to date.
 * @throws SettingsError when it cannot listen there
 */
export async function startBoard({ runtime, lookEveryMs = 1_000 }: StartBoardOptions): Promise<RunningBoard> {
  const index = new TestIndex();
  const keeper = new IndexKeeper(runtime, index);
  const { queue } = openQueue(runtime);
  const app = boardApp({ runtime, index, keeper, queue });
  const server = await listen(app.fetch, runtime.settings);
  const stopping = new AbortController();
  const watching = keeper.watch(lookEveryMs, stopping.signal);
  const stop = async (): Promise<void> => {
    stopping.abort();
    const ended = watching.then(() => queue.close());
    await Promise.all([server.close(grace), Promise.race([ended, sleep(grace)])]);
  };
  return { url: server.url, stop, [Symbol.asyncDispose]: stop };
}
