import { probeStateFile, readErrorFile, readListFile, type StateFile } from '../read/read-state-file.ts';
import { StateDirError } from '../state-dir-error.ts';
import { type StateFileName, stateFileNames } from '../state-file-names.ts';
import { RecordChecks, type RecordCounts } from './record-checks.ts';

/** What the verification found, in numbers. */
export interface StateChecks extends RecordCounts {
  readonly missing: readonly StateFileName[];
  /** One sentence for each file that is not what it should be. */
  readonly unusable: readonly string[];
  readonly errorCount: number;
}

const { utz, classic, errors } = stateFileNames;

/** Reads the three files and checks them. Never throws: what cannot be read is unusable. */
export async function checkStateFiles(stateDir: string): Promise<StateChecks> {
  const records = new RecordChecks();
  let errorCount = 0;
  const files: Readonly<Record<StateFileName, StateFile>> = {
    [utz]: await readListFile(stateDir, utz, (portion) => records.add(portion)).catch(unreadable),
    [classic]: await probeStateFile(stateDir, classic).catch(unreadable),
    [errors]: await readErrorFile(stateDir, (entries) => {
      errorCount += entries.length;
    }).catch(unreadable),
  };
  const names = Object.values(stateFileNames);
  return {
    missing: names.filter((name) => files[name].state === 'missing'),
    unusable: names.flatMap((name) => {
      const file = files[name];
      return file.state === 'corrupt' ? [`${name}: ${file.why}`] : [];
    }),
    ...(files[utz].state === 'whole' ? records : new RecordChecks()).counts,
    errorCount: files[errors].state === 'whole' ? errorCount : 0,
  };
}

function unreadable(error: unknown): StateFile {
  const why = error instanceof StateDirError ? error.message : String(error);
  return { state: 'corrupt', why };
}
