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

/** The tutorial's rules ("Step 2" and "Step 3"), which also give the order of the probes. */
export const tutorialRules: ProbingRules = {
  rows: [
    {
      name: 'sessions-not-found',
      probe: 'sessions',
      says: 'absent',
      category: 'ClassicUT',
      because: 'session results not found',
    },
    {
      name: 'no-sessions-yet',
      probe: 'sessions',
      says: 'present without sessions',
      category: 'no sessions',
      because: 'no sessions',
    },
    {
      name: 'has-video',
      probe: 'video',
      says: 'present',
      category: 'interaction test',
      because: 'video available',
    },
    {
      name: 'has-qx-scores',
      probe: 'qx',
      says: 'present',
      category: 'interaction test',
      because: 'QX scores available',
    },
    {
      name: 'has-transcript',
      probe: 'transcript',
      says: 'present',
      category: 'think-out-loud test',
      because: 'transcript available',
    },
  ],
  otherwise: { name: 'no-other-data', category: 'survey', because: 'no other data available' },
};
