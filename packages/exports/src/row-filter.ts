import type { Category, Certainty } from '@inventory/classification';
import type { ExportRow } from './row.ts';

/** Which tests are wanted; what is not given does not matter. */
export interface RowFilter {
  /** UUID of the workspace. */
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
