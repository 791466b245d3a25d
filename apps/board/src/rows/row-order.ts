import { setImmediate as turn } from 'node:timers/promises';
import type { ExportRow } from '@inventory/exports';

/** The columns by which the table of tests can be sorted. */
export const sortNames = ['title', 'ordered_at', 'classified_at', 'workspace_name', 'category', 'test_uuid'] as const;
type SortName = (typeof sortNames)[number];

export interface Sorting {
  readonly sort: SortName;
  readonly order: 'asc' | 'desc';
}

/** The position of a row in a sort order: its key, and its UUID among equals. */
export interface Place {
  /** Null where the row has no such value. */
  readonly key: string | null;
  readonly uuid: string;
}

export function placeOf(row: ExportRow, { sort }: Sorting): Place {
  return { key: sortKey(row, sort), uuid: row.test_uuid };
}

function sortKey(row: ExportRow, sort: SortName): string | null {
  const key = row[sort];
  return key !== null && (sort === 'title' || sort === 'workspace_name') ? folded(key) : key;
}

/** Words sort without regard to case, and with marks after their letter: "Ä" is among the A, not behind the Z. */
function folded(text: string): string {
  return text.toLowerCase().normalize('NFD');
}

/** Compares two places; rows without a key come last in both directions. */
export function comparePlaces(a: Place, b: Place, { order }: Sorting): number {
  if (a.key === null || b.key === null) {
    if (a.key !== b.key) return a.key === null ? 1 : -1;
    return compareText(a.uuid, b.uuid);
  }
  const forward = compareText(a.key, b.key) || compareText(a.uuid, b.uuid);
  return order === 'asc' ? forward : -forward;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export interface SortedRows {
  readonly sorting: Sorting;
  readonly rows: ExportRow[];
}

/** Index of the first row behind a place. */
export function firstBehind({ sorting, rows }: SortedRows, place: Place): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const row = rows[middle];
    if (row !== undefined && comparePlaces(placeOf(row, sorting), place, sorting) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A row that came (no `before`), went (no `after`) or changed. */
export interface RowChange {
  readonly before: ExportRow | undefined;
  readonly after: ExportRow | undefined;
}

/** Brings sorted rows up to date with one change. */
export function applyChange(order: SortedRows, { before, after }: RowChange): void {
  const { sorting, rows } = order;
  if (before !== undefined) rows.splice(firstBehind(order, placeOf(before, sorting)) - 1, 1);
  if (after !== undefined) rows.splice(firstBehind(order, placeOf(after, sorting)), 0, after);
}

const slice = 4_096;

/**
 * Sorts, and gives other work a turn after every few thousand comparisons.
 * @param place what an item is sorted by; asked once per item
 */
export async function sortInSlices<Item, Key>(
  items: readonly Item[],
  place: (item: Item) => Key,
  compare: (a: Key, b: Key) => number,
): Promise<Item[]> {
  const byKey = (a: { readonly key: Key }, b: { readonly key: Key }): number => compare(a.key, b.key);
  let runs: { readonly item: Item; readonly key: Key }[][] = [];
  for (let from = 0; from < items.length; from += slice) {
    const part = items.slice(from, from + slice).map((item) => ({ item, key: place(item) }));
    runs.push(part.sort(byKey));
    await turn();
  }
  while (runs.length > 1) {
    const merged: typeof runs = [];
    for (let from = 0; from < runs.length; from += 2) {
      merged.push(await merge(runs[from] ?? [], runs[from + 1] ?? [], byKey));
    }
    runs = merged;
  }
  return (runs[0] ?? []).map(({ item }) => item);
}

async function merge<Item>(
  a: readonly Item[],
  b: readonly Item[],
  compare: (a: Item, b: Item) => number,
): Promise<Item[]> {
  const merged: Item[] = [];
  let [left, right] = [0, 0];
  while (merged.length < a.length + b.length) {
    const [first, second] = [a[left], b[right]];
    if (first !== undefined && (second === undefined || compare(first, second) <= 0)) {
      merged.push(first);
      left += 1;
    } else if (second !== undefined) {
      merged.push(second);
      right += 1;
    }
    if (merged.length % slice === 0) await turn();
  }
  return merged;
}
