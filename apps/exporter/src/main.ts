import { join } from 'node:path';
import { loadSettings } from '@inventory/config';
import { aborted, type ExitCode, exitCode, openHome, runProcess } from '@inventory/process';
import { displayPath, stateFileNames } from '@inventory/state-files';
import { Command } from 'commander';
import { startExporter } from './start-exporter.ts';
import { writeOnce } from './write-once.ts';

await runProcess((signal, end) =>
  new Command('exporter')
    .description('Keeps the state files up to date with the checkpoints until it is told to stop.')
    .option('--once', 'write them once and exit')
    .action(async ({ once = false }: { once?: boolean }) => end(await exporter(once, signal))),
);

async function exporter(once: boolean, signal: AbortSignal): Promise<ExitCode> {
  const settings = loadSettings();
  const { stateDir, exportIntervalMs } = settings;
  const home = await openHome({ settings, name: 'exporter' });
  const { checkpoints, logger } = home;
  try {
    if (once) {
      const { utz, classic, errors } = await writeOnce({ checkpoints, stateDir, logger });
      const line = (name: string, what: string): string => `  - ${displayPath(join(stateDir, name))} (${what})\n`;
      process.stdout.write(
        `✓ Results saved to:\n${line(stateFileNames.utz, `${utz} UTZ tests`)}` +
          `${line(stateFileNames.classic, `${classic} ClassicUT tests`)}${line(stateFileNames.errors, `${errors} errors`)}`,
      );
      return exitCode.done;
    }
    const running = await startExporter({ checkpoints, stateDir, exportIntervalMs, logger });
    logger.info({ stateDir }, 'keeping the state files up to date');
    await aborted(signal);
    await running.stop();
    return running.lastError() === null ? exitCode.done : exitCode.partial;
  } finally {
    await home.close();
  }
}
