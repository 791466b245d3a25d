import { join } from 'node:path';
import { loadSettings } from '@inventory/config';
import {
  aborted,
  type ExitCode,
  exitCode,
  openRuntime,
  type Runtime,
  runProcess,
  UsageError,
} from '@inventory/runtime';
import { displayPath, stateFileNames } from '@inventory/state-files';
import { Command, Option } from 'commander';
import { reportRuns } from './report-runs.ts';
import { startExporter } from './start-exporter.ts';
import { exportTable } from './table/export-table.ts';
import { rowTypes, type TableOptions, tableFormats } from './table/table-options.ts';
import { writeOnce } from './write-once.ts';

interface ExporterOptions extends Partial<TableOptions> {
  readonly once?: boolean;
}

const example = 'npm run -s exporter -- --once --format csv --type survey --out surveys.csv';

await runProcess((signal, end) =>
  new Command('npm run exporter')
    .usage('-- [options]')
    .description(
      'Keeps the state files up to date with the checkpoints until it is told to stop. With --format it writes the ' +
        'inventory as a table instead, and ends.',
    )
    .option('--once', 'write once and exit')
    .addOption(new Option('--format <format>', 'a table in place of the state files').choices(tableFormats))
    .addOption(new Option('--type <type>', 'only tests of this type').choices(rowTypes))
    .option('--workspace <uuid>', 'only tests of this workspace')
    .option('--out <file>', 'where the table goes; - is stdout, as is the default')
    .addHelpText('after', `\nExample: ${example}`)
    .action(async (options: ExporterOptions) => end(await exporter(options, signal))),
);

async function exporter(options: ExporterOptions, signal: AbortSignal): Promise<ExitCode> {
  const table = tableOf(options);
  const runtime = await openRuntime({ settings: loadSettings(), name: 'exporter' });
  try {
    if (table !== null) return await exportTable(runtime, table, signal);
    return options.once === true ? await once(runtime) : await keepUpToDate(runtime, signal);
  } finally {
    await runtime.close();
  }
}

/** @throws UsageError when the options do not go together */
function tableOf({ once = false, format, ...more }: ExporterOptions): TableOptions | null {
  if (format !== undefined && once) return { out: '-', ...more, format };
  if (format !== undefined) throw new UsageError(`--format needs --once: ${example}`);
  if (Object.keys(more).length === 0) return null;
  throw new UsageError(`--type, --workspace and --out need --format ${tableFormats.join(' or ')}: ${example}`);
}

async function once({ checkpoints, settings: { stateDir }, logger }: Runtime): Promise<ExitCode> {
  const { utz, classic, errors } = await writeOnce({ checkpoints, stateDir, logger });
  const line = (name: string, what: string): string => `  - ${displayPath(join(stateDir, name))} (${what})\n`;
  process.stdout.write(
    `✓ Results saved to:\n${line(stateFileNames.utz, `${utz} UTZ tests`)}` +
      `${line(stateFileNames.classic, `${classic} ClassicUT tests`)}${line(stateFileNames.errors, `${errors} errors`)}`,
  );
  return exitCode.done;
}

async function keepUpToDate({ checkpoints, settings, logger }: Runtime, signal: AbortSignal): Promise<ExitCode> {
  const { stateDir, exportIntervalMs } = settings;
  const running = await startExporter({ checkpoints, stateDir, exportIntervalMs, logger });
  const print = (text: string): void => void process.stdout.write(text);
  void reportRuns({ checkpoints, stateDir, logger, exporter: running, print, signal });
  logger.info({ stateDir }, 'keeping the state files up to date');
  await aborted(signal);
  await running.stop();
  return running.lastError() === null ? exitCode.done : exitCode.partial;
}
