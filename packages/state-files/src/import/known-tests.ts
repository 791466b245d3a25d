import type { ImportedTest } from '@inventory/checkpoints';
import { readStateFile, recordsOf } from '../read-state-file.ts';
import { stateFileNames } from '../state-file-names.ts';
import { importedErrors } from './imported-errors.ts';
import { importedTests } from './imported-tests.ts';

/** What state files know. */
export interface KnownTests {
  readonly tests: readonly ImportedTest[];
  /** Keys of the errors: test UUIDs and `workspace:UUID`. */
  readonly failed: readonly string[];
}

/** What an import of the state files would take over; changes nothing. @throws StateDirError when they cannot be read. */
export async function knownTests(stateDir: string): Promise<KnownTests> {
  const { utz, classic } = importedTests(
    recordsOf(await readStateFile(stateDir, stateFileNames.utz)),
    recordsOf(await readStateFile(stateDir, stateFileNames.classic)),
  );
  const errors = await readStateFile(stateDir, stateFileNames.errors);
  const { entries } = importedErrors(errors.state === 'errors' ? errors.entries : []);
  return { tests: [...utz.tests, ...classic.tests], failed: entries.map(({ key }) => key) };
}
