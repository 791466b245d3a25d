import type { ImportedTest } from '@inventory/checkpoints';
import { type Category, testTypes } from '@inventory/classification';
import { z } from 'zod';
import { wellFormed } from './well-formed.ts';

const text = z.string().min(1).transform(wellFormed);

const record = z.object({
  test_uuid: text,
  workspace_uuid: text.catch('Unknown'),
  workspace_name: text.catch('Unknown'),
  test_type: z.enum(testTypes).optional().catch(undefined),
});

/** The tests of one list file, or of a portion of it. */
export interface ImportedList {
  readonly tests: readonly ImportedTest[];
  /** Records that are not an object with a `test_uuid`, or name a test that came before. */
  readonly skipped: number;
}

/** Reads portions of the two lists; the UTZ file comes first. */
export interface ListReaders {
  utz(records: readonly unknown[]): ImportedList;
  classic(records: readonly unknown[]): ImportedList;
}

/**
 * Reads the tests of `utz_tests.json` and `classicut_tests.json`. The first record of a test counts. A test in both
 * files is what the UTZ file says: with a type it is decided; without one it is looked at again, which settles it.
 */
export function listReaders(): ListReaders {
  const seen = new Set<string>();
  return {
    utz: (records) => read(records, seen, (type) => type ?? 'no sessions'),
    classic: (records) => read(records, seen, () => 'ClassicUT'),
  };
}

function read(
  records: readonly unknown[],
  seen: Set<string>,
  categoryOf: (type: z.output<typeof record>['test_type']) => Category,
): ImportedList {
  const tests: ImportedTest[] = [];
  for (const value of records) {
    const parsed = record.safeParse(value);
    if (!parsed.success || seen.has(parsed.data.test_uuid)) continue;
    const { test_uuid: uuid, workspace_uuid: workspace, workspace_name: name, test_type: type } = parsed.data;
    seen.add(uuid);
    tests.push({ uuid, workspace, name, category: categoryOf(type) });
  }
  return { tests, skipped: records.length - tests.length };
}
