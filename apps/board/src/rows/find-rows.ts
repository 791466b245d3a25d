import { setImmediate as turn } from 'node:timers/promises';
import type { ExportRow } from '@inventory/exports';
import { type RowFilter, rowMatcher } from './row-filter.ts';
import { firstBehind, type Place, placeOf, type Sorting } from './row-order.ts';
import type { RowStore } from './row-store.ts';

/** A page of the tests that match. */
export interface RowPage {
  readonly rows: readonly ExportRow[];
  /** Place after which the next page begins; null when this is the last one. */
  readonly next: Place | null;
}

export interface RowQuery extends RowFilter, Sorting {}

/**
 * A page of the rows that match, in their order. Rows that come in meanwhile neither repeat nor hide others.
 * @param after the `next` of the page before, null for the first
 */
export async function findPage(store: RowStore, query: RowQuery, after: Place | null, limit: number): Promise<RowPage> {
  const sorted = await store.sorted(query);
  const matches = rowMatcher(query) ?? (() => true);
  const rows: ExportRow[] = [];
  for (let index = after === null ? 0 : firstBehind(sorted, after, query); index < sorted.length; index += 1) {
    const row = sorted[index];
    if (row === undefined || !matches(row)) continue;
    const last = rows.at(-1);
    if (rows.length === limit && last !== undefined) return { rows, next: placeOf(last, query) };
    rows.push(row);
  }
  return { rows, next: null };
}

const portion = 500;

/**
 * All rows that match, in their order and in portions. It holds nothing between two portions but its place, and lets
 * others have their turn; it goes no faster than it is read.
 */
export async function* findAll(store: RowStore, query: RowQuery): AsyncGenerator<readonly ExportRow[]> {
  const matches = rowMatcher(query) ?? (() => true);
  let place: Place | null = null;
  for (;;) {
    const sorted: readonly ExportRow[] = await store.sorted(query);
    const from: number = place === null ? 0 : firstBehind(sorted, place, query);
    const part = sorted.slice(from, from + portion);
    const last = part.at(-1);
    if (last === undefined) return;
    place = placeOf(last, query);
    yield part.filter(matches);
    await turn();
  }
}
