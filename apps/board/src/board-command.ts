import { setFlagsFromString } from 'node:v8';
import { loadSettings } from '@inventory/config';
import { aborted, type CommandContext, type ExitCode, exitCode, openRuntime } from '@inventory/runtime';
import { Command } from 'commander';
import { openBrowser, sayWhere } from './browser.ts';
import { startBoard } from './start-board.ts';

/** `npm run board`. */
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
  const runtime = await openRuntime({ settings, name: 'board' });
  try {
    const running = await startBoard({ runtime });
    const url = `${running.url}${settings.boardBasePath}`;
    sayWhere(url);
    openBrowser(url);
    await aborted(signal);
    await running.stop();
    return exitCode.done;
  } finally {
    await runtime.close();
  }
}
