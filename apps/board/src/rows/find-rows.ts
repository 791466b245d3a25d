import { setImmediate as turn } from 'node:timers/promises';
import { type ExportRow, type RowFilter, rowMatcher } from '@inventory/exports';
import { firstBehind, type Place, placeOf, type Sorting } from './row-order.ts';
import type { RowStore } from './row-store.ts';

export interface RowQuery extends RowFilter, Sorting {}

/** A page of the tests that match. */
export interface RowPage {
  readonly rows: readonly ExportRow[];
  /** Place after which the next page begins; null when this is the last one. */
  readonly next: Place | null;
}

/**
 * A page of the rows that match, in their order. Rows that are added between pages neither repeat nor hide others.
 * @param after the `next` of the previous page, null for the first
 */
export async function findPage(store: RowStore, query: RowQuery, after: Place | null, limit: number): Promise<RowPage> {
  const sorted = await store.sorted(query);
  const matches = rowMatcher(query) ?? (() => true);
  const rows: ExportRow[] = [];
  for (let index = after === null ? 0 : firstBehind(sorted, after); index < sorted.rows.length; index += 1) {
    const row = sorted.rows[index];
    if (row === undefined || !matches(row)) continue;
    const last = rows.at(-1);
    if (rows.length === limit && last !== undefined) return { rows, next: placeOf(last, query) };
    rows.push(row);
  }
  return { rows, next: null };
}

const batch = 500;

/**
 * All rows that match, in their order and in batches. Between two batches it holds nothing but its place, and gives
 * other work a turn; it goes no faster than it is read.
 */
export async function* findAll(store: RowStore, query: RowQuery): AsyncGenerator<readonly ExportRow[]> {
  const matches = rowMatcher(query) ?? (() => true);
  let place: Place | null = null;
  for (;;) {
    const sorted = await store.sorted(query);
    const from: number = place === null ? 0 : firstBehind(sorted, place);
    const part = sorted.rows.slice(from, from + batch);
    const last = part.at(-1);
    if (last === undefined) return;
    place = placeOf(last, query);
    yield part.filter(matches);
    await turn();
  }
}

const keptCounts = 100;

/** Counts the rows that match; the same question again costs nothing until a row changes. */
export class MatchCounter {
  readonly #store: RowStore;
  readonly #counts = new Map<string, number>();
  #version = 0;

  constructor(store: RowStore) {
    this.#store = store;
  }

  count(filter: RowFilter): number {
    const { workspace, platform, category, certainty, error, ordered, q } = filter;
    const matches = rowMatcher(filter);
    if (matches === null) return this.#store.size;
    if (this.#version !== this.#store.version || this.#counts.size >= keptCounts) this.#counts.clear();
    this.#version = this.#store.version;
    const name = JSON.stringify([workspace, platform, category, certainty, error, ordered, q]);
    const known = this.#counts.get(name);
    if (known !== undefined) return known;
    let count = 0;
    for (const row of this.#store.all()) if (matches(row)) count += 1;
    this.#counts.set(name, count);
    return count;
  }
}
