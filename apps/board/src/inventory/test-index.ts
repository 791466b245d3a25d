import type { ErrorRecord, Outcome, WorkspaceRecord } from '@inventory/checkpoints';
import { type ExportRow, withOutcome } from '@inventory/exports';
import { RowStore } from '../rows/row-store.ts';

/** An error without the answer's body. */
export type ShortError = Pick<ErrorRecord, 'type' | 'error' | 'at'>;

/** The differences between a scan of the checkpoints and the index. */
export interface Scanned {
  /** New and changed rows. */
  readonly put: readonly ExportRow[];
  /** Tests that are no longer there. */
  readonly remove: readonly string[];
  readonly errors: ReadonlyMap<string, ShortError>;
  readonly open: ReadonlySet<string>;
  readonly workspaces: ReadonlyMap<string, WorkspaceRecord>;
}

/** All tests in memory, as they were at the last look at the checkpoints. */
export class TestIndex {
  readonly store = new RowStore();
  #errors = new Map<string, ShortError>();
  #open = new Set<string>();
  #workspaces: ReadonlyMap<string, WorkspaceRecord> = new Map();
  #version = 0;

  /** Moves with every change. */
  get version(): number {
    return this.#version;
  }

  /** Errors by test UUID or `workspace:UUID`. */
  get errors(): ReadonlyMap<string, ShortError> {
    return this.#errors;
  }

  /** Tests that wait for their outcome. */
  get open(): ReadonlySet<string> {
    return this.#open;
  }

  get workspaces(): ReadonlyMap<string, WorkspaceRecord> {
    return this.#workspaces;
  }

  /** Applies the result of a scan. */
  replace({ put, remove, errors, open, workspaces }: Scanned): void {
    this.store.change(put, remove);
    this.#errors = new Map(errors);
    this.#open = new Set(open);
    this.#workspaces = workspaces;
    this.#version += 1;
  }

  /** Applies outcomes, oldest first. An outcome of an unknown test waits for the next scan. */
  apply(outcomes: readonly Outcome[]): void {
    if (outcomes.length === 0) return;
    const changed = new Map<string, ExportRow>();
    for (const outcome of outcomes) {
      const { uuid } = outcome;
      this.#open.delete(uuid);
      this.#noteError(outcome);
      const row = changed.get(uuid) ?? this.store.get(uuid);
      if (row !== undefined) changed.set(uuid, withOutcome(row, outcome));
    }
    this.store.change([...changed.values()]);
    this.#version += 1;
  }

  #noteError(outcome: Outcome): void {
    if ('verdict' in outcome) this.#errors.delete(outcome.uuid);
    else {
      const { type, error, at } = outcome.error;
      this.#errors.set(outcome.uuid, { type, error, at });
    }
  }
}
