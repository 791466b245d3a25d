import type { ExportRow } from '@inventory/exports';
import { comparePlaces, firstBehind, placeOf, type Sorting } from './row-order.ts';

/** Rows in an order. */
export interface SortedRows {
  readonly sorting: Sorting;
  readonly rows: ExportRow[];
}

/** Puts a row where it belongs. @param before what the test's row was, if there was one */
export function moveRow(order: SortedRows, before: ExportRow | undefined, row: ExportRow): void {
  const { sorting, rows } = order;
  const place = placeOf(row, sorting);
  if (before !== undefined) {
    const old = placeOf(before, sorting);
    if (comparePlaces(old, place, sorting) === 0) {
      rows[firstBehind(rows, old, sorting) - 1] = row;
      return;
    }
    takeOut(order, before);
  }
  rows.splice(firstBehind(rows, place, sorting), 0, row);
}

/** Removes a row that is in them. */
export function takeOut({ sorting, rows }: SortedRows, row: ExportRow): void {
  rows.splice(firstBehind(rows, placeOf(row, sorting), sorting) - 1, 1);
}
