import type { ExportRow } from '@inventory/exports';
import {
  applyChange,
  comparePlaces,
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
