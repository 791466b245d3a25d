import { loadSettings } from '@inventory/config';
import { aborted, type CommandContext, type ExitCode, exitCode, openAccount, openRuntime } from '@inventory/runtime';
import { Command } from 'commander';
import { type StartWorkerOptions, startWorker } from './worker.ts';

/** `npm run worker`. */
export function workerCommand({ signal, end }: CommandContext): Command {
  return new Command('worker')
    .description('Classifies the enqueued tests until it is stopped; start as many as you like.')
    .action(async () => end(await worker(signal)));
}

async function worker(signal: AbortSignal): Promise<ExitCode> {
  const runtime = await openRuntime({ settings: loadSettings({ needs: ['credentials'] }), name: 'worker', signal });
  try {
    await runWorker({ runtime, role: 'worker', signal });
    return exitCode.done;
  } finally {
    await runtime.close();
  }
}

interface RunWorkerOptions extends Pick<StartWorkerOptions, 'runtime' | 'role'> {
  readonly signal: AbortSignal;
}

/** Works until the signal, then finishes the requests in flight. Rejects when the worker gives up. */
export async function runWorker({ runtime, role, signal }: RunWorkerOptions): Promise<void> {
  const { settings, logger } = runtime;
  const account = openAccount(runtime, signal);
  try {
    account.tokens.start();
    let giveUp: (error: Error) => void = () => undefined;
    const gaveUp = new Promise<never>((_, reject) => {
      giveUp = reject;
    });
    const running = await startWorker({ runtime, ...account, role, giveUp });
    logger.info({ slots: settings.workerSlots, intervalMs: settings.requestIntervalMs }, 'ready for tests');
    try {
      await Promise.race([aborted(signal), gaveUp]);
    } finally {
      await running.stop();
    }
    logger.info('stopped; unfinished tests went back to the queue');
  } finally {
    await account.close();
  }
}
