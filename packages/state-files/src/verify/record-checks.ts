import { testTypes } from '@inventory/classification';

/** What the UTZ records are like, in numbers. */
export interface RecordCounts {
  /** Records without the expected fields, or of a test that came before. */
  readonly invalidSchema: number;
  readonly invalidTestType: number;
  readonly classified: number;
  readonly utzTotal: number;
}

const requiredFields = ['test_uuid', 'workspace_uuid', 'workspace_name'] as const;

/** Checks the records of `utz_tests.json`, portion by portion; the rules are those of the tutorial's script. */
export class RecordChecks {
  readonly #seen = new Set<unknown>();
  readonly #counts = { invalidSchema: 0, invalidTestType: 0, classified: 0, utzTotal: 0 };

  get counts(): RecordCounts {
    return this.#counts;
  }

  add(records: readonly unknown[]): void {
    this.#counts.utzTotal += records.length;
    for (const record of records) this.#check(record);
  }

  #check(record: unknown): void {
    if (typeof record !== 'object' || record === null) {
      this.#counts.invalidSchema += 1;
      return;
    }
    const fields = new Map<string, unknown>(Object.entries(record));
    const uuid = fields.get('test_uuid');
    const complete = requiredFields.every((name) => typeof fields.get(name) === 'string');
    if (!complete || this.#seen.has(uuid)) this.#counts.invalidSchema += 1;
    this.#seen.add(uuid);
    const type = fields.get('test_type') ?? null;
    if (testTypes.some((known) => known === type)) this.#counts.classified += 1;
    else if (type !== null) this.#counts.invalidTestType += 1;
  }
}
