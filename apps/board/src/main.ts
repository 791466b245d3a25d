import { setFlagsFromString } from 'node:v8';
import { loadSettings } from '@inventory/config';
import { aborted, type ExitCode, exitCode, openRuntime, runProcess } from '@inventory/runtime';
import { Command } from 'commander';
import { startBoard } from './start-board.ts';

// All tests are in memory: collect garbage more often instead of letting it grow to their size.
setFlagsFromString('--optimize-for-size');

await runProcess((signal, end) =>
  new Command('npm run board')
    .usage('-- [options]')
    .description('Shows the inventory in the browser, with an HTTP API, the queue and metrics, until it is stopped.')
    .addHelpText(
      'after',
      '\nIt listens on BOARD_HOST and BOARD_PORT; visitors need BOARD_PASSWORD, if set.\n\nExample: BOARD_PORT=8080 npm run board',
    )
    .action(async () => end(await board(signal))),
);

async function board(signal: AbortSignal): Promise<ExitCode> {
  const settings = loadSettings({ needs: ['board'] });
  const runtime = await openRuntime({ settings, name: 'board' });
  try {
    const running = await startBoard({ runtime });
    process.stdout.write(`The board is at ${running.url}${settings.boardBasePath}\n`);
    await aborted(signal);
    await running.stop();
    return exitCode.done;
  } finally {
    await runtime.close();
  }
}
