import type { Category } from './category.ts';

/**
 * How sure a verdict is. `provisional`: it rests on data that were absent, of a session that had just finished.
 * `unconfirmed`: ClassicUT, from 404s of an API that has known no test since. Everything else is `final`.
 */
export const certainties = ['final', 'provisional', 'unconfirmed'] as const;
export type Certainty = (typeof certainties)[number];

/** What a test is, and what that rests on. */
export interface Verdict {
  readonly category: Category;
  /** Name of the rule that decided. */
  readonly rule: string;
  /** `probed` by the four endpoints, `declared` by the listing, or `imported` from state files. */
  readonly source: 'probed' | 'declared' | 'imported';
  /** When it was decided, epoch ms. */
  readonly at: number;
  /**
   * Only for a verdict that rests on absent data of a session that had just finished: from then on (epoch ms) a run asks
   * for that data once more.
   */
  readonly provisionalUntil?: number | undefined;
}

/** How sure a verdict is. @param unconfirmed whether the test is one of those that nothing confirms yet */
export function certaintyOf({ category, provisionalUntil }: Verdict, unconfirmed: boolean): Certainty {
  if (unconfirmed && category === 'ClassicUT') return 'unconfirmed';
  return provisionalUntil === undefined ? 'final' : 'provisional';
}
