import { readErrorFile, readListFile } from '../read/read-state-file.ts';
import { type StateFileName, stateFileNames } from '../state-file-names.ts';
import { type ImportedErrors, importedErrors } from './imported-errors.ts';
import { type ImportedList, listReaders } from './imported-tests.ts';

/** Takes what state files know, in portions. */
export interface StateReader {
  tests(list: ImportedList, file: StateFileName): void | Promise<void>;
  errors(errors: ImportedErrors): void | Promise<void>;
}

/** Reads the tests and errors of the state files; missing ones have none. @throws StateDirError when one cannot be read. */
export async function readStateFiles(stateDir: string, { tests, errors }: StateReader): Promise<void> {
  const { utz, classic } = stateFileNames;
  const readers = listReaders();
  await readListFile(stateDir, utz, (records) => tests(readers.utz(records), utz));
  await readListFile(stateDir, classic, (records) => tests(readers.classic(records), classic));
  await readErrorFile(stateDir, (entries) => errors(importedErrors(entries)));
}
