import {
  type Checkpoints,
  errorTypes,
  type InventoryTest,
  type ListingRecord,
  type Outcome,
  type WorkspaceRecord,
} from '@inventory/checkpoints';
import {
  type Category,
  type Certainty,
  categories,
  certainties,
  certaintyOf,
  platformOf,
  testTypeOf,
  testTypes,
  type Verdict,
} from '@inventory/classification';
import { z } from 'zod';

/**
 * One test as a row, the same for CSV, NDJSON and the HTTP API, with its columns in their order. Times are ISO 8601 in
 * UTC; an unknown value is null.
 */
export const exportRowSchema = z.object({
  test_uuid: z.string(),
  title: z.string().nullable(),
  workspace_uuid: z.string(),
  workspace_name: z.string(),
  ordered_at: z.string().nullable(),
  platform: z.enum(['UTZ', 'ClassicUT']).nullable(),
  /** As in `utz_tests.json`; null also for a verdict that is none of these types. */
  test_type: z.enum(testTypes).nullable(),
  /** The verdict's category; null while undecided. */
  category: z.enum(categories).nullable(),
  source: z.enum(['probed', 'declared', 'imported']).nullable(),
  /** Name of the rule behind the verdict. */
  rule: z.string().nullable(),
  classified_at: z.string().nullable(),
  /** Type of the test's recorded error. */
  error: z.enum(errorTypes).nullable(),
  /** False when the newest complete listing of the workspace lacks the test. */
  listed: z.boolean(),
  /** How sure the verdict is; null while undecided. */
  certainty: z.enum(certainties).nullable(),
});
export type ExportRow = z.output<typeof exportRowSchema>;

/** The row of a test. @param workspaces all workspaces ever listed, by UUID (`listing.workspaces()`) */
export function exportRow(test: InventoryTest, workspaces: ReadonlyMap<string, WorkspaceRecord>): ExportRow {
  const { uuid, listing, verdict, certainty, error } = test;
  const workspace = workspaces.get(listing.workspace);
  return {
    test_uuid: uuid,
    title: listing.title?.toWellFormed() ?? null,
    workspace_uuid: listing.workspace,
    workspace_name: workspace?.name.toWellFormed() ?? 'Unknown',
    ordered_at: utcTime(listing.orderedAt),
    ...verdictColumns(verdict),
    error: error?.type ?? null,
    listed: isListed(listing, workspace),
    certainty,
  };
}

/** The row after a new outcome of its test. An error keeps the existing verdict. */
export function withOutcome(row: ExportRow, outcome: Outcome): ExportRow {
  if ('error' in outcome) return { ...row, error: outcome.error.type };
  const { verdict } = outcome;
  // An outcome does not tell whether a test is unconfirmed; that stays as it was.
  const certainty = certaintyOf(verdict, row.certainty === 'unconfirmed');
  return { ...row, ...verdictColumns(verdict), error: null, certainty };
}

/** The whole inventory as rows, in the order of test UUIDs, in portions: memory does not grow with the library. */
export async function* readRows({ listing, inventory }: Checkpoints): AsyncGenerator<readonly ExportRow[]> {
  const workspaces = await listing.workspaces();
  for await (const page of inventory.pages()) yield page.map((test) => exportRow(test, workspaces));
}

type VerdictColumns = Pick<ExportRow, 'platform' | 'test_type' | 'category' | 'source' | 'rule' | 'classified_at'>;

const noVerdict = { platform: null, test_type: null, category: null, source: null, rule: null, classified_at: null };

function verdictColumns(verdict: Verdict | null): VerdictColumns {
  if (verdict === null) return noVerdict;
  const { category, source, rule, at } = verdict;
  return {
    platform: platformOf(category),
    test_type: testTypeOf(category) ?? null,
    category,
    source,
    rule,
    classified_at: new Date(at).toISOString(),
  };
}

/** True as well where the workspace has never been listed completely: nothing says that the test was removed. */
function isListed({ run }: ListingRecord, workspace: WorkspaceRecord | undefined): boolean {
  // A run's id is about the time of its start. An imported record has an empty one, which reads as 0.
  return Number(run) >= (workspace?.listedAt ?? 0);
}

const zone = /(?:z|[+-]\d{2}:?\d{2})$/i;
const withTime = /\d[t ]\d{2}:\d{2}/i;

/**
 * A time of the API in ISO 8601 and UTC, null if it is none, or has a year that databases do not take. A time without a
 * zone is UTC (API reference).
 */
function utcTime(given: string | undefined): string | null {
  const text = given?.trim() ?? '';
  const time = new Date(withTime.test(text) && !zone.test(text) ? `${text}Z` : text);
  const year = time.getUTCFullYear();
  return year >= 1 && year <= 9999 ? time.toISOString() : null;
}

/** A column of the inventory as a table, for formats that have types. */
export interface ExportColumn {
  readonly name: keyof ExportRow;
  readonly kind: 'text' | 'time' | 'boolean';
  /** Whether it can be null. */
  readonly nullable: boolean;
}

const kinds: Partial<Record<keyof ExportRow, ExportColumn['kind']>> = {
  ordered_at: 'time',
  classified_at: 'time',
  listed: 'boolean',
};

/** The columns in their order; `test_uuid`, the key, is the first. */
export const exportColumns: readonly ExportColumn[] = exportRowSchema.keyof().options.map((name) => ({
  name,
  kind: kinds[name] ?? 'text',
  nullable: exportRowSchema.shape[name].safeParse(null).success,
}));

/** A value of a row for a database: many take no NUL in a text. */
export function withoutNul<Value>(value: Value): Value | string {
  return typeof value === 'string' ? value.replaceAll('\0', '') : value;
}

/** Which tests are wanted; what is not given does not matter. */
export interface RowFilter {
  readonly workspace?: string | undefined;
  readonly platform?: 'UTZ' | 'ClassicUT' | undefined;
  readonly category?: Category | 'undecided' | undefined;
  readonly certainty?: Certainty | undefined;
  /** Type of the error, or `any`. */
  readonly error?: string | undefined;
  /** Month or year of the order, UTC: `2026-03`, `2026`. */
  readonly ordered?: string | undefined;
  /** Words of the title in any order, or the start of the UUID; case does not matter. */
  readonly q?: string | undefined;
}

/** A predicate for rows; null when every row matches. */
export function rowMatcher(filter: RowFilter): ((row: ExportRow) => boolean) | null {
  const { workspace, platform, certainty, error, ordered, q = '' } = filter;
  const category = filter.category === 'undecided' ? null : filter.category;
  const words = q
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const wanted = [workspace, platform, category, certainty, error, ordered];
  if (wanted.every((each) => each === undefined) && words.length === 0) return null;
  return (row) =>
    (workspace === undefined || row.workspace_uuid === workspace) &&
    (platform === undefined || row.platform === platform) &&
    (category === undefined || row.category === category) &&
    (certainty === undefined || row.certainty === certainty) &&
    (error === undefined || (error === 'any' ? row.error !== null : row.error === error)) &&
    (ordered === undefined || (row.ordered_at?.startsWith(ordered) ?? false)) &&
    (words.length === 0 || hasWords(row, words));
}

function hasWords({ title, test_uuid }: ExportRow, words: readonly string[]): boolean {
  const text = (title ?? '').toLowerCase();
  return words.every((word) => text.includes(word) || test_uuid.toLowerCase().startsWith(word));
}
