import type { Category } from './category.ts';
import type { ProbeName } from './probe-name.ts';

/** One row of a decision list: ask `probe`; if it says `says`, the test is of `category`; else read on. */
export interface ProbingRule {
  readonly name: string;
  readonly probe: ProbeName;
  readonly says: 'absent' | 'present' | 'present without sessions';
  readonly category: Category;
  /** Why, in the words of the progress lines. */
  readonly because: string;
}

/** Rows from top to bottom, and what is left when none of them decided. */
export interface ProbingRules {
  readonly rows: readonly ProbingRule[];
  readonly otherwise: Pick<ProbingRule, 'name' | 'category' | 'because'>;
}

/** A test without session results is not of the platform that the Results API serves; every set begins so. */
export const sessionsNotFound: ProbingRule = {
  name: 'sessions-not-found',
  probe: 'sessions',
  says: 'absent',
  category: 'ClassicUT',
  because: 'session results not found',
};

/** A test without sessions has no data that could tell its type yet; every set goes on so. */
export const noSessionsYet: ProbingRule = {
  name: 'no-sessions-yet',
  probe: 'sessions',
  says: 'present without sessions',
  category: 'no sessions',
  because: 'no sessions',
};
