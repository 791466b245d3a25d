import { csvLines, ndjsonLines } from '@inventory/exports';
import { type ExitCode, exitCode, type Runtime } from '@inventory/runtime';
import { assertGeneration, displayPath, fillFromStateFiles, generationOf } from '@inventory/state-files';
import { printTexts } from './print-texts.ts';
import { selectRows } from './select-rows.ts';
import type { TableOptions } from './table-options.ts';
import { writeWholeFile } from './write-whole-file.ts';

const writers = { csv: csvLines, ndjson: ndjsonLines } as const;

/**
 * Exports the inventory as a table, in the order of test UUIDs, with memory that does not grow with the library.
 * @param signal ends it early; a file then stays as it was
 * @returns the exit code
 * @throws UsageError for an unknown workspace, ExportFileError, CheckpointsLostError when Redis was emptied meanwhile
 */
export async function exportTable(runtime: Runtime, options: TableOptions, signal: AbortSignal): Promise<ExitCode> {
  const { checkpoints } = runtime;
  await checkpoints.import.ensureInUse(() => fillFromStateFiles(runtime));
  const generation = await generationOf(checkpoints);
  const { portions, count } = await selectRows(checkpoints, options);
  async function* texts(): AsyncGenerator<string> {
    for await (const text of writers[options.format](portions)) {
      if (signal.aborted) return;
      yield text;
    }
    // Rows of a Redis that was emptied on the way would read as the whole.
    await assertGeneration(checkpoints, generation);
  }
  if (options.out === '-') await printTexts(process.stdout, texts());
  else if (await writeWholeFile(options.out, texts(), signal)) {
    process.stdout.write(`✓ Results saved to:\n  - ${displayPath(options.out)} (${count()} tests)\n`);
  }
  return signal.aborted ? exitCode.interrupted : exitCode.done;
}
