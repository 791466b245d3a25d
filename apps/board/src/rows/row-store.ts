import { setImmediate as turn } from 'node:timers/promises';
import { type ExportRow, type RowFilter, rowMatcher } from '@inventory/exports';
import {
  applyChange,
  comparePlaces,
  firstBehind,
  type Place,
  placeOf,
  type RowChange,
  type SortedRows,
  type Sorting,
  sortInSlices,
} from './row-order.ts';

/** From this number of changes at once it is cheaper to sort again than to move rows. */
const many = 50;

/** An order that is being built, and what has changed since the build began. */
interface Making {
  readonly changes: RowChange[];
  readonly done: Promise<void>;
}

/** The rows of all tests in memory, with every order that was requested so far. */
export class RowStore {
  readonly #rows = new Map<string, ExportRow>();
  readonly #orders = new Map<string, SortedRows>();
  readonly #making = new Map<string, Making>();
  #version = 0;

  get size(): number {
    return this.#rows.size;
  }

  /** Moves with every change. */
  get version(): number {
    return this.#version;
  }

  get(uuid: string): ExportRow | undefined {
    return this.#rows.get(uuid);
  }

  all(): Iterable<ExportRow> {
    return this.#rows.values();
  }

  /** The rows in an order as they are now; the next change changes the answer too. */
  async sorted(sorting: Sorting): Promise<SortedRows> {
    const name = `${sorting.sort} ${sorting.order}`;
    for (;;) {
      const known = this.#orders.get(name);
      if (known !== undefined) return known;
      await (this.#making.get(name) ?? this.#make(name, sorting)).done;
    }
  }

  /** Adds rows, or replaces older ones; removes others. */
  change(put: readonly ExportRow[], remove: readonly string[] = []): void {
    this.#version += 1;
    if (put.length + remove.length > many) {
      this.#orders.clear();
      this.#making.clear();
    }
    for (const after of put) {
      this.#note({ before: this.#rows.get(after.test_uuid), after });
      this.#rows.set(after.test_uuid, after);
    }
    for (const uuid of remove) {
      this.#note({ before: this.#rows.get(uuid), after: undefined });
      this.#rows.delete(uuid);
    }
  }

  #note(change: RowChange): void {
    for (const order of this.#orders.values()) applyChange(order, change);
    for (const { changes } of this.#making.values()) changes.push(change);
  }

  /** Starts to build an order. Many changes during the build make it useless; `sorted` then starts again. */
  #make(name: string, sorting: Sorting): Making {
    const changes: RowChange[] = [];
    const all = [...this.#rows.values()];
    const make = async (): Promise<void> => {
      const place = (row: ExportRow) => placeOf(row, sorting);
      const order = { sorting, rows: await sortInSlices(all, place, (a, b) => comparePlaces(a, b, sorting)) };
      if (this.#making.get(name) !== making) return;
      for (const change of changes) applyChange(order, change);
      this.#orders.set(name, order);
      this.#making.delete(name);
    };
    const making = { changes, done: make() };
    this.#making.set(name, making);
    return making;
  }
}

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
