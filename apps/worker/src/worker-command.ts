import { loadSettings } from '@inventory/config';
import { aborted, type CommandContext, type ExitCode, exitCode, openAccount, openRuntime } from '@inventory/runtime';
import { Command } from 'commander';
import { startWorker } from './worker.ts';

/** `npm run worker`. */
export function workerCommand({ signal, end }: CommandContext): Command {
  return new Command('worker')
    .description('Classifies the enqueued tests until it is stopped; start as many as you like.')
    .action(async () => end(await worker(signal)));
}

async function worker(signal: AbortSignal): Promise<ExitCode> {
  const settings = loadSettings({ needs: ['credentials'] });
  const runtime = await openRuntime({ settings, name: 'worker', signal });
  const account = openAccount(runtime, signal);
  try {
    account.tokens.start();
    let giveUp: (error: Error) => void = () => undefined;
    const gaveUp = new Promise<never>((_, reject) => {
      giveUp = reject;
    });
    const running = await startWorker({ runtime, ...account, role: 'worker', giveUp });
    runtime.logger.info({ slots: settings.workerSlots, intervalMs: settings.requestIntervalMs }, 'ready for tests');
    try {
      await Promise.race([aborted(signal), gaveUp]);
    } finally {
      await running.stop();
    }
    runtime.logger.info('stopped; unfinished tests went back to the queue');
    return exitCode.done;
  } finally {
    await account.close();
    await runtime.close();
  }
}
