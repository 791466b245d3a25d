import type { ExportRow } from '@inventory/exports';

/** By what the table of tests can be sorted. */
export const sortNames = ['title', 'orderedAt', 'decidedAt', 'workspace', 'type', 'uuid'] as const;
export type SortName = (typeof sortNames)[number];

/** What a row is sorted by; null where the row has no such thing. Words sort without regard to case. */
export function sortKey(row: ExportRow, sort: SortName): string | null {
  switch (sort) {
    case 'title':
      return row.title === null ? null : folded(row.title);
    case 'workspace':
      return folded(row.workspace_name);
    case 'uuid':
      return row.test_uuid;
    case 'orderedAt':
      return row.ordered_at;
    case 'decidedAt':
      return row.classified_at;
    case 'type':
      return row.category;
  }
}

/** Marks stand after their letter, so that "Ä" is among the A and not behind the Z. */
function folded(text: string): string {
  return text.toLowerCase().normalize('NFD');
}
