import { join } from 'node:path';
import { loadSettings } from '@inventory/config';
import { commandLine, displayPath, print } from '@inventory/logger';
import {
  aborted,
  type CommandContext,
  type ExitCode,
  exitCode,
  openRuntime,
  type Runtime,
  UsageError,
} from '@inventory/runtime';
import { stateFileNames } from '@inventory/state-files';
import { countOf } from '@inventory/status/words';
import { Command, Option } from 'commander';
import { Exporter, writeOnce } from './exporter.ts';
import { Notifier } from './notify/index.ts';
import { exportIncrement, isFolder } from './parquet-folder.ts';
import { reportRuns } from './report-runs.ts';
import { exportTable, rowTypes, type TableOptions, tableFormats } from './table.ts';

interface CommandOptions extends Partial<TableOptions> {
  readonly once?: boolean;
  /** Address of a PostgreSQL. */
  readonly to?: string;
}

const example = commandLine('exporter', '--format csv --type survey --out surveys.csv');

export function exporterCommand({ signal, end }: CommandContext): Command {
  return new Command('exporter')
    .description(
      'Keeps the state files up to date with the checkpoints until it is stopped. With --format it writes the ' +
        'inventory as a table instead, and ends.',
    )
    .option('--once', 'write once and exit')
    .addOption(new Option('--format <format>', 'a table in place of the state files').choices(tableFormats))
    .addOption(new Option('--type <type>', 'only tests of this type').choices(rowTypes))
    .option('--workspace <name>', 'only tests of this workspace, by name or UUID')
    .option('--bom', 'with --format csv: begin with a byte order mark, for Excel')
    .option('--out <file>', 'file of the table; - is stdout (the default); with parquet also a folder of increments')
    .option('--to <address>', 'bring a table of this PostgreSQL up to date, and exit: postgres://USER@HOST/DATABASE')
    .action(async (options: CommandOptions) => end(await exporter(options, signal)));
}

async function exporter(options: CommandOptions, signal: AbortSignal): Promise<ExitCode> {
  const table = await tableOf(options);
  const { to } = options;
  if (to !== undefined) (await postgres()).assertAddress(to);
  await using runtime = await openRuntime({ settings: loadSettings(), name: 'exporter' });
  if (to !== undefined) return saved(await (await postgres()).exportToPostgres(runtime, to, signal));
  if (table?.format === 'parquet' && (await isFolder(table.out))) {
    return saved(await exportIncrement(runtime, table.out, signal));
  }
  if (table === null) return options.once === true ? await once(runtime) : await keepUpToDate(runtime, signal);
  await exportTable(runtime, table, signal);
  return exitCode.done;
}

/** @throws UsageError when the options do not go together */
async function tableOf({ once: _, format, to, ...more }: CommandOptions): Promise<TableOptions | null> {
  if (to !== undefined) {
    if (format === undefined && Object.keys(more).length === 0) return null;
    throw new UsageError('--to exports all tests into its table: it goes with no other option.');
  }
  if (more.bom === true && format !== 'csv') throw new UsageError('--bom is only for --format csv.');
  if (format === 'parquet') await assertFits(more);
  if (format !== undefined) return { out: '-', ...more, format };
  if (Object.keys(more).length === 0) return null;
  throw new UsageError(`--type, --workspace and --out need --format (${tableFormats.join(', ')}): ${example}`);
}

/** @throws UsageError for options that a Parquet file, or a folder of them, does not have */
async function assertFits({ out = '-', type, workspace }: Partial<TableOptions>): Promise<void> {
  if (out === '-' && process.stdout.isTTY) throw new UsageError('A Parquet file is no text: add --out tests.parquet.');
  if ((await isFolder(out)) && (type ?? workspace) !== undefined) {
    throw new UsageError('A folder of Parquet files has all tests: --type and --workspace need --out FILE.');
  }
}

/** The export of `--to`, in a module of its own: only who uses it waits for the client of PostgreSQL. */
const postgres = () => import('./postgres/index.ts');

function saved(what: string): ExitCode {
  print(`✓ Results saved to:\n  - ${what}\n`);
  return exitCode.done;
}

async function once(runtime: Runtime): Promise<ExitCode> {
  const { utz, classic, errors } = await writeOnce(runtime);
  const line = (name: string, what: string): string =>
    `  - ${displayPath(join(runtime.settings.stateDir, name))} (${what})\n`;
  print(
    `✓ Results saved to:\n${line(stateFileNames.utz, countOf(utz, 'UTZ test'))}` +
      `${line(stateFileNames.classic, countOf(classic, 'ClassicUT test'))}${line(stateFileNames.errors, countOf(errors, 'error'))}`,
  );
  return exitCode.done;
}

/** Keeps the state files up to date and reports each run that ends, until the signal. @returns 1 when they are behind */
export async function keepUpToDate(runtime: Runtime, signal: AbortSignal): Promise<ExitCode> {
  const exporter = await Exporter.start(runtime);
  const notifier = Notifier.start({ runtime });
  const reporting = reportRuns({ ...runtime, exporter, print, signal });
  runtime.logger.info({ stateDir: runtime.settings.stateDir }, 'keeping the state files up to date');
  await aborted(signal);
  await Promise.all([exporter.stop(), notifier?.stop()]);
  // A report that was begun is printed. Without Redis it would wait for ever.
  if (exporter.lastError === null) await reporting;
  return exporter.lastError === null ? exitCode.done : exitCode.partial;
}
