import { errorTypes, type Failure, type ImportedTest, testKey } from '@inventory/checkpoints';
import { type Category, type TestType, testTypes } from '@inventory/classification';
import { keptOfBody } from '@inventory/usertesting';
import { z } from 'zod';
import { readManifest, type StateFileName, stateFileNames } from './manifest.ts';
import { type ErrorEntry, readStateFile } from './reader.ts';
import { salvage } from './salvage.ts';

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

/** How a file was read, beside what its portions say. */
export interface ReadFile {
  readonly file: StateFileName;
  /** Why it is no JSON of its kind: then what could be read is a part of it. Null when it is whole. */
  readonly damage: string | null;
  /** About how many of its tests could not be read. */
  readonly lost: number;
  /** Tests whose type was written in another casing, and tests whose type is none that we know. */
  readonly otherCasing: number;
  readonly unknownTypes: number;
}

export interface ImportHandlers {
  tests(portion: Imported<ImportedTest>, file: StateFileName): void | Promise<void>;
  errors(portion: Imported<ImportedError>, file: StateFileName): void | Promise<void>;
  ended?(file: ReadFile): void;
}

/**
 * Reads the tests and errors of state files in portions; a missing file has none, and of a damaged one what can be read
 * counts. Their manifest says which verdicts are not final.
 * @throws StateDirError
 */
export async function readImports(stateDir: string, { tests, errors, ended }: ImportHandlers): Promise<void> {
  const { utz, classic, errors: errorFile } = stateFileNames;
  const importer = new TestImporter((await readManifest(stateDir))?.not_final);
  await readFile(utz, (records) => tests(importer.utz(records), utz));
  await readFile(classic, (records) => tests(importer.classic(records), classic));
  await readFile(errorFile, (entries) => errors(importedErrors(entries as ErrorEntry[]), errorFile));

  async function readFile(
    file: StateFileName,
    take: (items: readonly unknown[]) => void | Promise<void>,
  ): Promise<void> {
    // First to its end, because what is damaged behind may have been misread before.
    const found = await readStateFile(stateDir, file);
    const damage = found.state === 'corrupt' ? found.why : null;
    let lost = 0;
    if (damage === null) await readStateFile(stateDir, file, take);
    else {
      const salvaged = await salvage(stateDir, file);
      lost = salvaged.lost;
      if (salvaged.items.length > 0) await take(salvaged.items);
    }
    const { unusable, ...types } = importer.takeRemarks();
    ended?.({ file, damage, lost: lost + unusable, ...types });
  }
}

/** As long as what a listing may hold. */
const id = z
  .string()
  .min(1)
  .max(1_000)
  .transform((value) => value.toWellFormed());
const name = z
  .string()
  .min(1)
  .transform((value) => value.slice(0, 1_000).toWellFormed());

const testRecord = z.object({
  test_uuid: id,
  workspace_uuid: id.catch('Unknown'),
  workspace_name: name.catch('Unknown'),
  test_type: z.unknown().optional(),
});

/** Numbers of records. */
interface Remarks {
  readonly unusable: number;
  readonly otherCasing: number;
  readonly unknownTypes: number;
}

const noRemarks: Remarks = { unusable: 0, otherCasing: 0, unknownTypes: 0 };

/**
 * Reads the records of `utz_tests.json`, then those of `classicut_tests.json`. The first record of a test counts, in
 * whatever case its UUID is, so a test in both files is a UTZ test. With a type it is classified; without one the next
 * run probes it.
 */
export class TestImporter {
  readonly #seen = new Set<string>();
  readonly #notFinal: ReadonlySet<string>;
  #remarks = noRemarks;

  /** @param notFinal UUIDs of the tests whose verdict is not final */
  constructor(notFinal: readonly string[] = []) {
    this.#notFinal = new Set(notFinal);
  }

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
      if (data === undefined) this.#remark('unusable');
      if (data === undefined || this.#seen.has(testKey(data.test_uuid))) continue;
      const { test_uuid, workspace_uuid: workspace, workspace_name: name, test_type } = data;
      const uuid = testKey(test_uuid);
      this.#seen.add(uuid);
      const category = categoryOf(this.#typeIn(test_type));
      items.push({ uuid, workspace, name, category, ...(this.#notFinal.has(uuid) && { notFinal: true }) });
    }
    return { items, skipped: records.length - items.length };
  }

  #typeIn(value: unknown): TestType | undefined {
    const written = typeof value === 'string' ? value.trim().toLowerCase() : value;
    const type = testTypes.find((each) => each === written);
    if (type !== undefined && type !== value) this.#remark('otherCasing');
    if (type === undefined && (value ?? '') !== '') this.#remark('unknownTypes');
    return type;
  }

  #remark(what: keyof Remarks): void {
    this.#remarks = { ...this.#remarks, [what]: this.#remarks[what] + 1 };
  }

  /** What was noticed since the last call. */
  takeRemarks(): Remarks {
    const remarks = this.#remarks;
    this.#remarks = noRemarks;
    return remarks;
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

/** Reads entries of an `errors.json` of this program or of the tutorial's script. */
export function importedErrors(entries: readonly ErrorEntry[]): Imported<ImportedError> {
  const items = entries.flatMap(([key, value]) => {
    const { data } = errorRecord.safeParse(value);
    const isUsable = data !== undefined && key !== '' && key.length <= longest;
    return isUsable ? [{ key: testKey(key.toWellFormed()), error: failureOf(data) }] : [];
  });
  return { items, skipped: entries.length - items.length };
}

function failureOf({ type, error, body, attempts, ...codes }: z.output<typeof errorRecord>): Failure {
  const code = codes.status ?? codes.status_code ?? null;
  const message = error ?? (code === null ? type : `the API answered ${code}`);
  return { status: code, status_code: code, type, error: shortened(message), body: importedBody(body), attempts };
}

/** Text as it is, at most 2,000 characters of it; of anything else what is kept of an error's body. */
function importedBody(body: unknown): unknown {
  return typeof body === 'string' ? shortened(body) : keptOfBody(body);
}

function shortened(long: string): string {
  return long.slice(0, longest).toWellFormed();
}
