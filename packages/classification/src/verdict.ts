import type { Category } from './category.ts';

/** What a test is, and what that rests on. */
export interface Verdict {
  readonly category: Category;
  /** Name of the rule that decided. */
  readonly rule: string;
  /** `probed` by the four endpoints, `declared` by the listing, or `imported` from state files. */
  readonly source: 'probed' | 'declared' | 'imported';
  /** When it was decided, epoch ms. */
  readonly at: number;
}
