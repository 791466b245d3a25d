import { createHash } from 'node:crypto';
import type { StandingFacts } from '@inventory/status';
import { type Tally, tally } from '../inventory/tally.ts';
import type { TestIndex } from '../inventory/test-index.ts';
import { makeSummary } from './make-summary.ts';
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
  #made: { readonly standing: StandingFacts; readonly version: number; readonly marked: MarkedSummary } | null = null;

  constructor(index: TestIndex) {
    this.#index = index;
  }

  make(standing: StandingFacts): MarkedSummary {
    const { version } = this.#index;
    if (this.#made?.standing === standing && this.#made.version === version) return this.#made.marked;
    if (this.#counted?.version !== version) this.#counted = { version, numbers: tally(this.#index) };
    const summary = makeSummary(standing, this.#index, this.#counted.numbers);
    const marked = { summary, etag: etagOf(summary) };
    this.#made = { standing, version, marked };
    return marked;
  }
}

function etagOf({ at: _, ...lasting }: Summary): string {
  return `W/"${createHash('sha256').update(JSON.stringify(lasting)).digest('base64url').slice(0, 27)}"`;
}
