import { join } from 'node:path';
import type { Checkpoints } from '@inventory/checkpoints';
import type { Logger } from '@inventory/logger';
import { displayPath } from '../display-path.ts';
import { assertOwnStateDir } from '../manifest/own-state-dir.ts';
import { allStateFileNames, type StateFileName, stateFileNames } from '../state-file-names.ts';
import { keepCorruptFiles } from './keep-corrupt-files.ts';
import { readStateFiles } from './read-state-files.ts';

export interface ImportStateFilesOptions {
  readonly checkpoints: Checkpoints;
  readonly stateDir: string;
  /** The prefix that the files must belong to, if they say whose they are. */
  readonly queuePrefix: string;
  readonly logger: Logger;
}

const batch = 500;
const { utz, classic, errors } = stateFileNames;

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
  const taken = { [utz]: 0, [classic]: 0, [errors]: 0 };
  const skipped = { [utz]: 0, [classic]: 0, [errors]: 0 };
  await readStateFiles(stateDir, {
    tests: async (list, file) => {
      for (const tests of batches(list.tests)) await checkpoints.import.tests(tests);
      taken[file] += list.tests.length;
      skipped[file] += list.skipped;
    },
    errors: async (part) => {
      for (const entries of batches(part.entries)) await checkpoints.import.errors(entries);
      taken[errors] += part.entries.length;
      skipped[errors] += part.skipped;
    },
  });
  say(stateDir, logger, taken, skipped);
}

type Counts = Readonly<Record<StateFileName, number>>;

function say(stateDir: string, logger: Logger, taken: Counts, skipped: Counts): void {
  for (const name of allStateFileNames) {
    const file = displayPath(join(stateDir, name));
    const what = name === errors ? 'errors' : 'tests';
    const [count, left] = [taken[name], skipped[name]];
    if (count > 0) logger.info({ file, count }, `imported ${count} ${what} from ${file}`);
    if (left > 0) logger.warn({ file, skipped: left }, `skipped ${left} unusable or repeated records of ${file}`);
  }
}

function* batches<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  for (let from = 0; from < items.length; from += batch) yield items.slice(from, from + batch);
}
