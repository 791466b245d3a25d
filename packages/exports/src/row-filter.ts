import type { Category, Certainty } from '@inventory/classification';
import type { ExportRow } from './row.ts';

/** Which tests are wanted; what is not given does not matter. */
export interface RowFilter {
  /** UUID of the workspace. */
  readonly workspace?: string | undefined;
  readonly platform?: 'UTZ' | 'ClassicUT' | undefined;
  readonly category?: Category | 'undecided' | undefined;
  readonly certainty?: Certainty | undefined;
  /** Part of the title, or the start of the UUID; case does not matter. */
  readonly q?: string | undefined;
}

/** A predicate for rows; null when every row matches. */
export function rowMatcher(filter: RowFilter): ((row: ExportRow) => boolean) | null {
  const { workspace, platform, certainty, q = '' } = filter;
  const category = filter.category === 'undecided' ? null : filter.category;
  const text = q.toLowerCase();
  if ([workspace, platform, category, certainty].every((wanted) => wanted === undefined) && text === '') return null;
  return (row) =>
    (workspace === undefined || row.workspace_uuid === workspace) &&
    (platform === undefined || row.platform === platform) &&
    (category === undefined || row.category === category) &&
    (certainty === undefined || row.certainty === certainty) &&
    (text === '' || (row.title?.toLowerCase().includes(text) ?? false) || row.test_uuid.toLowerCase().startsWith(text));
}
