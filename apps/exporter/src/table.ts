import { open, realpath, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { isatty } from 'node:tty';
import type { Checkpoints } from '@inventory/checkpoints';
import { categories } from '@inventory/classification';
import { csvLines, type ExportRow, ndjsonLines, parquetBytes, readRows, rowMatcher } from '@inventory/exports';
import { codeOf, ReplacementFile, removeLeftBehind, syncFolder } from '@inventory/files';
import { displayPath, printable } from '@inventory/logger';
import { knownWorkspaces, type Runtime } from '@inventory/runtime';
import { assertGeneration, generationOf } from '@inventory/state-files';
import { countOf } from '@inventory/status/words';

export const tableFormats = ['csv', 'ndjson', 'parquet'] as const;
type TableFormat = (typeof tableFormats)[number];
type Bytes = AsyncIterable<string | Uint8Array>;

const writers: Readonly<
  Record<TableFormat, (rows: AsyncIterable<readonly ExportRow[]>, options: TableOptions) => Bytes>
> = { csv: csvLines, ndjson: ndjsonLines, parquet: parquetBytes };

/** The values of `--type`: a category, or the tests without one. */
export const rowTypes = [...categories, 'undecided'] as const;

export interface TableOptions {
  readonly format: TableFormat;
  /** Only tests of this type. */
  readonly type?: (typeof rowTypes)[number];
  /** Only tests of the workspace with this name or UUID. */
  readonly workspace?: string;
  /** CSV begins with a byte order mark. */
  readonly bom?: boolean;
  /** Path of the file; `-` for stdout. */
  readonly out: string;
}

const reasons = new Map([
  ['ENOENT', 'its folder does not exist'],
  ['EISDIR', 'it is a folder'],
  ['EACCES', 'this user may not write there'],
  ['ENOSPC', 'no space is left there'],
]);

/** The file of `--out` could not be written; the old one is unchanged. Processes end with 1. */
export class ExportFileError extends Error {
  override readonly name = 'ExportFileError';

  constructor(path: string, cause: unknown) {
    const why = reasons.get(codeOf(cause)) ?? (codeOf(cause) || String(cause));
    super(`${path} could not be written (${why}): choose another --out.`, { cause });
  }
}

/** Which rows are read, and how long. */
export interface WholeRowsOptions {
  readonly checkpoints: Checkpoints;
  /** Of the checkpoints; the one at the start unless given. */
  readonly generation?: string;
  readonly signal: AbortSignal;
}

/**
 * All rows of the inventory, in portions: those that are left by a Redis that was emptied meanwhile are never taken for all.
 * @throws CheckpointsLostError when it was, before the end; the signal's reason after it
 */
export async function* wholeRows(options: WholeRowsOptions): AsyncGenerator<readonly ExportRow[]> {
  const { checkpoints, signal, generation = await generationOf(checkpoints) } = options;
  for await (const rows of readRows(checkpoints)) {
    signal.throwIfAborted();
    yield rows;
  }
  signal.throwIfAborted();
  await assertGeneration(checkpoints, generation);
}

/**
 * Exports the inventory as a table, in the order of test UUIDs; memory does not grow with the library.
 * @param signal ends it early; an old file then stays unchanged
 * @throws UsageError for an unknown workspace, ExportFileError, and as {@link wholeRows}
 */
export async function exportTable(runtime: Runtime, options: TableOptions, signal: AbortSignal): Promise<void> {
  const { checkpoints } = runtime;
  await runtime.fill();
  const { workspace: word, type: category } = options;
  const [workspace] = word === undefined ? [] : await knownWorkspaces(checkpoints, [word]);
  const matches = rowMatcher({ workspace, category }) ?? (() => true);
  let count = 0;
  async function* portions(isTerminal: boolean): AsyncGenerator<readonly ExportRow[]> {
    for await (const rows of wholeRows({ checkpoints, signal })) {
      const selected = rows.filter(matches);
      count += selected.length;
      yield isTerminal ? selected.map(printableRow) : selected;
    }
  }
  const texts: TextsFor = (isTerminal) => writers[options.format](portions(isTerminal), options);
  if (options.out === '-') return await printTexts(texts(process.stdout.isTTY === true));
  await writeTexts(options.out, texts);
  process.stdout.write(`✓ Results saved to:\n  - ${displayPath(options.out)} (${countOf(count, 'test')})\n`);
}

/** The table, for a terminal or for anything else. */
type TextsFor = (isTerminal: boolean) => Bytes;

/** What people see on a terminal must not steer it. In a pipe or a file the table is exact. */
function printableRow(row: ExportRow): ExportRow {
  const shown = Object.entries(row).map(([name, value]) => [
    name,
    typeof value === 'string' ? printable(value) : value,
  ]);
  return Object.fromEntries(shown) as ExportRow;
}

/** Prints to stdout, no faster than its reader. A reader that has closed its end (`| head`) has what it wants. */
export async function printTexts(texts: Bytes): Promise<void> {
  const print = (text: string | Uint8Array): Promise<void> =>
    new Promise((resolve, reject) => {
      process.stdout.write(text, (error) => (error ? reject(error) : resolve()));
    });
  try {
    for await (const text of texts) await print(text);
  } catch (error) {
    if (codeOf(error) !== 'EPIPE') throw error;
  }
}

/**
 * Writes a file that others see whole or not at all. A link stays a link; a device or a named pipe is written to
 * directly.
 * @throws ExportFileError when it cannot be written, and whatever the texts throw; either way the old file stays
 */
export async function writeTexts(path: string, textsFor: TextsFor): Promise<void> {
  const explain = (error: unknown) => new ExportFileError(path, error);
  const real = await realpath(path).catch(() => resolve(path));
  const found = await stat(real).catch(() => null);
  if (found !== null && !found.isFile()) return await writeDirectly(real, textsFor, explain);
  await removeLeftBehind(dirname(real), (name) => name === basename(real));
  await using file = await ReplacementFile.begin(real, { explain });
  for await (const text of textsFor(false)) await file.write(text);
  await file.finish();
  await file.replace();
  await syncFolder(dirname(real), { explain });
}

async function writeDirectly(path: string, textsFor: TextsFor, explain: (error: unknown) => Error): Promise<void> {
  const failed = (error: unknown): never => {
    throw explain(error);
  };
  const device = await open(path, 'w').catch(failed);
  try {
    for await (const text of textsFor(isatty(device.fd))) await device.writeFile(text).catch(failed);
  } finally {
    await device.close().catch(() => undefined);
  }
}
