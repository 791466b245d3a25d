import { testTypes } from '@inventory/classification';
import type { StateFile } from '../read-state-file.ts';
import { type StateFileName, stateFileNames } from '../state-file-names.ts';

/** What the verification found, in numbers. */
export interface StateChecks {
  readonly missing: readonly StateFileName[];
  /** One sentence for each file that is not what it should be. */
  readonly unusable: readonly string[];
  /** UTZ records without the expected fields, or of a test that came before. */
  readonly invalidSchema: number;
  readonly invalidTestType: number;
  readonly classified: number;
  readonly utzTotal: number;
  readonly errorCount: number;
}

const requiredFields = ['test_uuid', 'workspace_uuid', 'workspace_name'] as const;

/** Checks what was read back from the three files; the rules are those of the tutorial's script. */
export function checkStateFiles(files: Readonly<Record<StateFileName, StateFile>>): StateChecks {
  const names = Object.values(stateFileNames);
  const utz = files[stateFileNames.utz];
  const errors = files[stateFileNames.errors];
  const records = utz.state === 'list' ? utz.records : [];
  return {
    missing: names.filter((name) => files[name].state === 'missing'),
    unusable: names.flatMap((name) => {
      const file = files[name];
      return file.state === 'corrupt' ? [`${name}: ${file.why}`] : [];
    }),
    ...checkRecords(records),
    utzTotal: records.length,
    errorCount: errors.state === 'errors' ? errors.entries.length : 0,
  };
}

function checkRecords(
  records: readonly unknown[],
): Pick<StateChecks, 'invalidSchema' | 'invalidTestType' | 'classified'> {
  const seen = new Set<unknown>();
  const counts = { invalidSchema: 0, invalidTestType: 0, classified: 0 };
  for (const record of records) {
    if (typeof record !== 'object' || record === null) {
      counts.invalidSchema += 1;
      continue;
    }
    const fields = new Map<string, unknown>(Object.entries(record));
    const uuid = fields.get('test_uuid');
    const complete = requiredFields.every((name) => typeof fields.get(name) === 'string');
    if (!complete || seen.has(uuid)) counts.invalidSchema += 1;
    seen.add(uuid);
    const type = fields.get('test_type') ?? null;
    if (testTypes.some((known) => known === type)) counts.classified += 1;
    else if (type !== null) counts.invalidTestType += 1;
  }
  return counts;
}
