import { join } from 'node:path';
import type { Checkpoints } from '@inventory/checkpoints';
import type { Logger } from '@inventory/logger';
import { displayPath } from '../display-path.ts';
import { assertOwnStateDir } from '../manifest/own-state-dir.ts';
import { readStateFile, recordsOf } from '../read-state-file.ts';
import { type StateFileName, stateFileNames } from '../state-file-names.ts';
import { importedErrors } from './imported-errors.ts';
import { importedTests } from './imported-tests.ts';
import { keepCorruptFiles } from './keep-corrupt-files.ts';

export interface ImportStateFilesOptions {
  readonly checkpoints: Checkpoints;
  readonly stateDir: string;
  /** The prefix that the files must belong to, if they say whose they are. */
  readonly queuePrefix: string;
  readonly logger: Logger;
}

const batch = 500;

/**
 * Takes what the state files know into the checkpoints: what is known there already stays. For
 * `import.ensureInUse`, whose `fill` this is: files of a lost Redis, or of the tutorial's script. Unusable files
 * are kept aside first. What was taken is said, with numbers.
 * @throws StateDirError when the files belong to another prefix, or cannot be read.
 */
export async function importStateFiles(options: ImportStateFilesOptions): Promise<void> {
  const { checkpoints, stateDir, queuePrefix, logger } = options;
  await assertOwnStateDir(stateDir, queuePrefix);
  await keepCorruptFiles(stateDir, logger);
  const { utz, classic } = importedTests(
    recordsOf(await readStateFile(stateDir, stateFileNames.utz)),
    recordsOf(await readStateFile(stateDir, stateFileNames.classic)),
  );
  const errorFile = await readStateFile(stateDir, stateFileNames.errors);
  const errors = importedErrors(errorFile.state === 'errors' ? errorFile.entries : []);
  for (const list of [utz, classic]) {
    for (const tests of batches(list.tests)) await checkpoints.import.tests(tests);
  }
  for (const entries of batches(errors.entries)) await checkpoints.import.errors(entries);

  const say = (name: StateFileName, what: string, count: number, skipped: number): void => {
    const file = displayPath(join(stateDir, name));
    if (count > 0) logger.info({ file, count }, `imported ${count} ${what} from ${file}`);
    if (skipped > 0) logger.warn({ file, skipped }, `skipped ${skipped} unusable or repeated records of ${file}`);
  };
  say(stateFileNames.utz, 'tests', utz.tests.length, utz.skipped);
  say(stateFileNames.classic, 'tests', classic.tests.length, classic.skipped);
  say(stateFileNames.errors, 'errors', errors.entries.length, errors.skipped);
}

function* batches<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  for (let from = 0; from < items.length; from += batch) yield items.slice(from, from + batch);
}
