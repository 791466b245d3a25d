import { type RowFilter, rowMatcher } from './row-filter.ts';
import type { RowStore } from './row-store.ts';

const kept = 100;

/** Counts the rows that match; the same question again costs nothing until a row changes. */
export class MatchCounter {
  readonly #store: RowStore;
  readonly #counts = new Map<string, number>();
  #version = 0;

  constructor(store: RowStore) {
    this.#store = store;
  }

  count(filter: RowFilter): number {
    const { workspace, platform, type, certainty, q } = filter;
    const matches = rowMatcher(filter);
    if (matches === null) return this.#store.size;
    if (this.#version !== this.#store.version || this.#counts.size >= kept) this.#counts.clear();
    this.#version = this.#store.version;
    const name = JSON.stringify([workspace, platform, type, certainty, q]);
    const known = this.#counts.get(name);
    if (known !== undefined) return known;
    let count = 0;
    for (const row of this.#store.all()) if (matches(row)) count += 1;
    this.#counts.set(name, count);
    return count;
  }
}
