import type { ExportRow } from '@inventory/exports';
import { comparePlaces, placeOf, type Sorting } from './row-order.ts';
import { sortInSlices } from './sort-in-slices.ts';
import { moveRow, type SortedRows, takeOut } from './sorted-rows.ts';

/** From how many changes at once it is cheaper to sort anew than to move rows. */
const many = 50;

/** A row that came, went or became another. */
interface Change {
  readonly before: ExportRow | undefined;
  readonly after: ExportRow | undefined;
}

/** An order that is being made, and what has changed meanwhile. */
interface Making {
  readonly changes: Change[];
  readonly done: Promise<void>;
}

/** The rows of all tests in memory, with every order that was asked for so far. */
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

  /** The rows in an order as they are now; the next change changes the answer too. An order is kept up to date. */
  async sorted(sorting: Sorting): Promise<readonly ExportRow[]> {
    const name = `${sorting.sort} ${sorting.order}`;
    for (;;) {
      const known = this.#orders.get(name);
      if (known !== undefined) return known.rows;
      await (this.#making.get(name) ?? this.#make(name, sorting)).done;
    }
  }

  /** Adds rows, or puts them in the place of older ones; removes others. */
  change(put: readonly ExportRow[], remove: readonly string[] = []): void {
    this.#version += 1;
    if (put.length + remove.length > many) {
      this.#orders.clear();
      this.#making.clear();
    }
    for (const after of put) this.#change({ before: this.#rows.get(after.test_uuid), after });
    for (const uuid of remove) this.#change({ before: this.#rows.get(uuid), after: undefined });
  }

  #change(change: Change): void {
    const { before, after } = change;
    if (after !== undefined) this.#rows.set(after.test_uuid, after);
    else if (before !== undefined) this.#rows.delete(before.test_uuid);
    for (const order of this.#orders.values()) apply(order, change);
    for (const { changes } of this.#making.values()) changes.push(change);
  }

  /** Begins an order. Changes of many rows meanwhile make it useless: then whoever waits begins again. */
  #make(name: string, sorting: Sorting): Making {
    const changes: Change[] = [];
    const all = [...this.#rows.values()];
    const make = async (): Promise<void> => {
      const place = (row: ExportRow) => placeOf(row, sorting);
      const order = { sorting, rows: await sortInSlices(all, place, (a, b) => comparePlaces(a, b, sorting)) };
      if (this.#making.get(name) !== making) return;
      for (const change of changes) apply(order, change);
      this.#orders.set(name, order);
      this.#making.delete(name);
    };
    const making = { changes, done: make() };
    this.#making.set(name, making);
    return making;
  }
}

function apply(order: SortedRows, { before, after }: Change): void {
  if (after !== undefined) moveRow(order, before, after);
  else if (before !== undefined) takeOut(order, before);
}
