import type { ExportRow } from '@inventory/exports';
import { type SortName, sortKey } from './sort-key.ts';

/** A way to sort. */
export interface Sorting {
  readonly sort: SortName;
  readonly order: 'asc' | 'desc';
}

/** Where a row stands in a sorting: its key, and its UUID among equals. */
export interface Place {
  readonly key: string | null;
  readonly uuid: string;
}

/** The place of a row. */
export function placeOf(row: ExportRow, { sort }: Sorting): Place {
  return { key: sortKey(row, sort), uuid: row.test_uuid };
}

/** Compares two places; rows without a key come last, whatever the direction. */
export function comparePlaces(a: Place, b: Place, { order }: Sorting): number {
  if (a.key === null || b.key === null) {
    if (a.key !== b.key) return a.key === null ? 1 : -1;
    return compareText(a.uuid, b.uuid);
  }
  const forward = compareText(a.key, b.key) || compareText(a.uuid, b.uuid);
  return order === 'asc' ? forward : -forward;
}

/** Index of the first row that stands behind a place, in rows that are sorted so. */
export function firstBehind(sorted: readonly ExportRow[], place: Place, sorting: Sorting): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const row = sorted[middle];
    if (row !== undefined && comparePlaces(placeOf(row, sorting), place, sorting) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
