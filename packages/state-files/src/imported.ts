import { errorTypes, type Failure, type ImportedTest } from '@inventory/checkpoints';
import { type Category, type TestType, testTypes } from '@inventory/classification';
import { z } from 'zod';
import { type StateFileName, stateFileNames } from './manifest.ts';
import { type ErrorEntry, readStateFile } from './reader.ts';

/** What a portion of a state file holds for the checkpoints. */
export interface Imported<Item> {
  readonly items: readonly Item[];
  /** Unusable or repeated records. */
  readonly skipped: number;
}

export interface ImportedError {
  readonly key: string;
  readonly error: Failure;
}

export interface ImportHandlers {
  tests(portion: Imported<ImportedTest>, file: StateFileName): void | Promise<void>;
  errors(portion: Imported<ImportedError>, file: StateFileName): void | Promise<void>;
}

/** Reads the tests and errors of state files in portions; a missing file has none. @throws StateDirError */
export async function readImports(stateDir: string, { tests, errors }: ImportHandlers): Promise<void> {
  const { utz, classic, errors: errorFile } = stateFileNames;
  const importer = new TestImporter();
  await readStateFile(stateDir, utz, (records) => tests(importer.utz(records), utz));
  await readStateFile(stateDir, classic, (records) => tests(importer.classic(records), classic));
  await readStateFile(stateDir, errorFile, (entries) => errors(importedErrors(entries), errorFile));
}

const text = z
  .string()
  .min(1)
  .transform((value) => value.toWellFormed());

const testRecord = z.object({
  test_uuid: text,
  workspace_uuid: text.catch('Unknown'),
  workspace_name: text.catch('Unknown'),
  test_type: z.enum(testTypes).optional().catch(undefined),
});

/**
 * Reads the records of `utz_tests.json`, then those of `classicut_tests.json`. The first record of a test counts, so a
 * test in both files is a UTZ test. With a type it is classified; without one the next run asks about it.
 */
export class TestImporter {
  readonly #seen = new Set<string>();

  utz(records: readonly unknown[]): Imported<ImportedTest> {
    return this.#read(records, (type) => type ?? 'no sessions');
  }

  classic(records: readonly unknown[]): Imported<ImportedTest> {
    return this.#read(records, () => 'ClassicUT');
  }

  #read(records: readonly unknown[], categoryOf: (type: TestType | undefined) => Category): Imported<ImportedTest> {
    const items: ImportedTest[] = [];
    for (const record of records) {
      const { data } = testRecord.safeParse(record);
      if (data === undefined || this.#seen.has(data.test_uuid)) continue;
      this.#seen.add(data.test_uuid);
      const { test_uuid: uuid, workspace_uuid: workspace, workspace_name: name, test_type } = data;
      items.push({ uuid, workspace, name, category: categoryOf(test_type) });
    }
    return { items, skipped: records.length - items.length };
  }
}

const status = z.int().optional().catch(undefined);

/** As this program and the tutorial's script write it; any field may be missing or something else. */
const errorRecord = z.object({
  status,
  status_code: status,
  type: z.enum(errorTypes).catch('unclassified_error'),
  error: z.string().optional().catch(undefined),
  body: z.unknown().optional(),
  attempts: z.int().min(1).catch(1),
});

const longest = 2000;
const deepest = 50;

/** Reads entries of an `errors.json` of this program or of the tutorial's script. */
export function importedErrors(entries: readonly ErrorEntry[]): Imported<ImportedError> {
  const items = entries.flatMap(([key, value]) => {
    const { data } = errorRecord.safeParse(value);
    return key === '' || data === undefined ? [] : [{ key: key.toWellFormed(), error: failureOf(data) }];
  });
  return { items, skipped: entries.length - items.length };
}

function failureOf({ type, error, body, attempts, ...codes }: z.output<typeof errorRecord>): Failure {
  const code = codes.status ?? codes.status_code ?? null;
  const message = error ?? (code === null ? type : `the API answered ${code}`);
  return { status: code, status_code: code, type, error: shortened(message), body: importedBody(body), attempts };
}

/** Small JSON as it is, anything larger or deeper as text of at most 2,000 characters. */
function importedBody(body: unknown): unknown {
  if (typeof body === 'string') return shortened(body);
  if (typeof body !== 'object' || body === null) return body ?? null;
  if (depthOf(body) > deepest) return 'a body that is nested too deeply to be kept';
  const json = JSON.stringify(body, (_, part: unknown) => {
    if (typeof part === 'string') return part.toWellFormed();
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).map(([key, each]) => [key.toWellFormed(), each]));
  });
  return json.length > longest ? shortened(json) : JSON.parse(json);
}

function shortened(long: string): string {
  return long.slice(0, longest).toWellFormed();
}

/** Levels of nesting, without recursion: a file may hold more of them than the call stack. */
function depthOf(value: unknown): number {
  let depth = 0;
  for (let level = [value]; level.length > 0; depth += 1) {
    level = level.flatMap((part) => (typeof part === 'object' && part !== null ? Object.values(part) : []));
  }
  return depth;
}
