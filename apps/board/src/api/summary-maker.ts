import { createHash } from 'node:crypto';
import { type Tally, tally } from '../inventory/tally.ts';
import type { TestIndex } from '../inventory/test-index.ts';
import { makeSummary, type SummaryFacts } from './make-summary.ts';
import type { Summary } from './summary-schema.ts';

/** A summary, and a mark that stays the same as long as nothing but the time has changed. */
export interface MarkedSummary {
  readonly summary: Summary;
  readonly etag: string;
}

/** Makes summaries; what has not changed is not counted again, however many ask. */
export class SummaryMaker {
  readonly #index: TestIndex;
  #counted: { readonly version: number; readonly numbers: Tally } | null = null;
  #made: (SummaryFacts & { readonly version: number; readonly marked: MarkedSummary }) | null = null;

  constructor(index: TestIndex) {
    this.#index = index;
  }

  make(facts: SummaryFacts): MarkedSummary {
    const { version } = this.#index;
    const made = this.#made;
    if (made?.standing === facts.standing && made.stale === facts.stale && made.version === version) return made.marked;
    if (this.#counted?.version !== version) this.#counted = { version, numbers: tally(this.#index) };
    const summary = makeSummary(facts, this.#index, this.#counted.numbers);
    const marked = { summary, etag: etagOf(summary) };
    this.#made = { ...facts, version, marked };
    return marked;
  }
}

function etagOf({ at: _, ...lasting }: Summary): string {
  return `W/"${createHash('sha256').update(JSON.stringify(lasting)).digest('base64url').slice(0, 27)}"`;
}
