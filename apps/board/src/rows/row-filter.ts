import type { Category, Certainty } from '@inventory/classification';
import type { ExportRow } from '@inventory/exports';

/** Which tests are wanted; what is not given does not matter. */
export interface RowFilter {
  /** UUID of the workspace. */
  readonly workspace?: string | undefined;
  readonly platform?: 'UTZ' | 'ClassicUT' | undefined;
  readonly type?: Category | 'undecided' | undefined;
  readonly certainty?: Certainty | undefined;
  /** Part of the title, or the start of the UUID; case does not matter. */
  readonly q?: string | undefined;
}

/** A test for rows; null when every row is wanted. */
export function rowMatcher({
  workspace,
  platform,
  type,
  certainty,
  q = '',
}: RowFilter): ((row: ExportRow) => boolean) | null {
  const category = type === 'undecided' ? null : type;
  const text = q.toLowerCase();
  if ([workspace, platform, category, certainty].every((wanted) => wanted === undefined) && text === '') return null;
  return (row) =>
    (workspace === undefined || row.workspace_uuid === workspace) &&
    (platform === undefined || row.platform === platform) &&
    (category === undefined || row.category === category) &&
    (certainty === undefined || row.certainty === certainty) &&
    (text === '' || (row.title?.toLowerCase().includes(text) ?? false) || row.test_uuid.toLowerCase().startsWith(text));
}
