import { errorTypes } from '@inventory/checkpoints';
import { categories, certainties, testTypes } from '@inventory/classification';
import type { ExportRow } from '@inventory/exports';

const sources = ['probed', 'declared', 'imported'] as const;

/** Makes a row share the words that many rows have in common, so that each of them is in memory once. */
export class RowCompactor {
  readonly #words = new Map<string, string>();

  compact(row: ExportRow): ExportRow {
    return {
      ...row,
      workspace_uuid: this.#shared(row.workspace_uuid),
      workspace_name: this.#shared(row.workspace_name),
      test_type: constant(testTypes, row.test_type),
      category: constant(categories, row.category),
      source: constant(sources, row.source),
      rule: row.rule === null ? null : this.#shared(row.rule),
      error: constant(errorTypes, row.error),
      certainty: constant(certainties, row.certainty),
    };
  }

  #shared(word: string): string {
    const known = this.#words.get(word);
    if (known !== undefined) return known;
    this.#words.set(word, word);
    return word;
  }
}

function constant<Word extends string>(words: readonly Word[], word: Word | null): Word | null {
  return words.find((each) => each === word) ?? null;
}
