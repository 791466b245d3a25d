import { join } from 'node:path';
import type { RunRecord, Totals } from '@inventory/checkpoints';
import { type Category, categories, platformOf, testTypes } from '@inventory/classification';
import { commandLine, displayPath, messageOf } from '@inventory/logger';
import { checkManifest, type StateFileName, stateFileNames } from './manifest.ts';
import { readStateFile, type StateFile } from './reader.ts';

/** The result of reading the state files back from the disk. */
export interface Verification extends RecordCounts {
  /** True unless a line says FAIL; recorded errors are a WARN. */
  readonly passed: boolean;
  /** What to print, in the tutorial's words. */
  readonly lines: readonly string[];
  readonly missing: readonly StateFileName[];
  /** One sentence for each unusable file. */
  readonly unusable: readonly string[];
  readonly errorCount: number;
}

interface RecordCounts {
  /** Records without the expected fields, or of a repeated test. */
  readonly invalidSchema: number;
  readonly invalidTestType: number;
  readonly classified: number;
  readonly utzTotal: number;
}

/** Checks the three files. Never throws: an unreadable file is a FAIL. */
export async function verifyStateFiles(stateDir: string): Promise<Verification> {
  const { utz, classic, errors } = stateFileNames;
  const records = new RecordChecks();
  let entries = 0;
  const files = {
    [utz]: await readStateFile(stateDir, utz, (portion) => records.add(portion)).catch(unreadable),
    [classic]: await readStateFile(stateDir, classic).catch(unreadable),
    [errors]: await readStateFile(stateDir, errors, (portion) => {
      entries += portion.length;
    }).catch(unreadable),
  };
  const names = Object.values(stateFileNames);
  const checks = {
    missing: names.filter((name) => files[name].state === 'missing'),
    unusable: names.flatMap((name) => {
      const file = files[name];
      return file.state === 'corrupt' ? [`${name}: ${file.why}`] : [];
    }),
    ...(files[utz].state === 'whole' ? records : new RecordChecks()).counts,
    errorCount: files[errors].state === 'whole' ? entries : 0,
  };
  const lines = [...verificationLines(checks), ...(await manifestLines(stateDir))];
  return { ...checks, passed: !lines.some((line) => line.startsWith('  [FAIL]')), lines };
}

function unreadable(error: unknown): StateFile {
  return { state: 'corrupt', why: messageOf(error) };
}

const requiredFields = ['test_uuid', 'workspace_uuid', 'workspace_name'] as const;

/** Checks the records of `utz_tests.json`, portion by portion, by the rules of the tutorial's script. */
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
    const fields: Readonly<Record<string, unknown>> = { ...record };
    const uuid = fields['test_uuid'];
    const complete = requiredFields.every((name) => typeof fields[name] === 'string');
    if (!complete || this.#seen.has(uuid)) this.#counts.invalidSchema += 1;
    this.#seen.add(uuid);
    const type = fields['test_type'] ?? null;
    if (testTypes.some((known) => known === type)) this.#counts.classified += 1;
    else if (type !== null) this.#counts.invalidTestType += 1;
  }
}

function verificationLines(checks: Omit<Verification, 'passed' | 'lines'>): string[] {
  const { missing, unusable, invalidSchema, invalidTestType, classified, utzTotal, errorCount } = checks;
  if (missing.length === Object.keys(stateFileNames).length) {
    return [
      'Verification checks:',
      `  [FAIL] Output files exist: there are none yet; ${commandLine('start')} writes them`,
    ];
  }
  const unclassified = Math.max(utzTotal - classified, 0);
  return [
    'Verification checks:',
    missing.length === 0
      ? '  [PASS] Output files exist'
      : `  [FAIL] Output files exist: ${missing.join(', ')} missing; ${commandLine('exporter', '--once')} writes them`,
    ...(unusable.length === 0
      ? ['  [PASS] Output files are valid JSON']
      : unusable.map((what) => `  [FAIL] JSON parse/type validation error: ${what}`)),
    invalidSchema + invalidTestType === 0
      ? '  [PASS] UTZ records include expected fields and valid test_type values'
      : `  [FAIL] UTZ schema/type issues: invalid_schema=${invalidSchema}, invalid_test_type=${invalidTestType}`,
    `  [INFO] Classification coverage: classified=${classified}, unclassified=${unclassified}, utz_total=${utzTotal}`,
    ...(unclassified > 0
      ? ['  [INFO] Some UTZ tests may be unclassified (for example, tests with no sessions yet).']
      : []),
    errorCount === 0
      ? '  [PASS] No processing errors recorded'
      : `  [WARN] errors.json contains ${errorCount} record(s) (partial success; review recommended)`,
  ];
}

/** Never a FAIL: after a crash between the files and the manifest, the next write puts it right. */
async function manifestLines(stateDir: string): Promise<string[]> {
  const check = await checkManifest(stateDir);
  if (check.kind === 'silent') return [];
  if (check.kind === 'fits') return [`  [INFO] manifest.json fits the files: written ${check.manifest.written_at}`];
  return [
    `  [WARN] manifest.json was not written for this ${check.files.join(', ')}: a write goes on or was cut off, or a ` +
      `file was changed; ${commandLine('exporter', '--once')} writes all of them`,
  ];
}

export interface SummaryOptions {
  /** Of the whole library (`inventory.totals()`). */
  readonly totals: Totals;
  /** The run whose share is shown in brackets; null for none. */
  readonly run: Pick<RunRecord, 'outcomes'> | null;
  readonly stateDir: string;
}

const ruler = '='.repeat(60);

/** The lines of the summary at the end of a run, in the tutorial's words. */
export function summarize({ totals, run, stateDir }: SummaryOptions): string[] {
  const { byCategory, undecided, errors } = totals;
  const count = (category: Category): number => byCategory[category] ?? 0;
  const line = (label: string, category: Category): string =>
    `  ${label}: ${count(category)}${run === null ? '' : ` (this run: ${run.outcomes[category] ?? 0})`}`;
  const lineIfAny = (label: string, category: Category): string[] =>
    count(category) > 0 ? [line(label, category)] : [];
  const utz = categories.filter((category) => platformOf(category) === 'UTZ');
  const path = (name: StateFileName): string => displayPath(join(stateDir, name));
  return [
    '',
    ruler,
    'Done. Processing complete.',
    ruler,
    `UTZ total: ${utz.reduce((sum, category) => sum + count(category), 0)}`,
    `ClassicUT total: ${count('ClassicUT')}`,
    '',
    'Classifications:',
    line('Interaction tests', 'interaction test'),
    line('Think-out-loud tests', 'think-out-loud test'),
    line('Surveys', 'survey'),
    line('ClassicUT tests', 'ClassicUT'),
    ...lineIfAny('Live conversations (UTZ, no test_type)', 'live conversation'),
    ...lineIfAny('UTZ tests without sessions (looked at again in the next run)', 'no sessions'),
    ...(undecided > 0 ? [`  Undecided tests (in no list file): ${undecided}`] : []),
    '',
    '✓ Results saved to:',
    `  - ${path(stateFileNames.utz)} (UTZ tests with test_type field)`,
    `  - ${path(stateFileNames.classic)} (ClassicUT tests)`,
    ...(errors > 0 ? [`  - ${path(stateFileNames.errors)} (Errors encountered)`] : []),
  ];
}
