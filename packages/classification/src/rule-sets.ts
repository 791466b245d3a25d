import type { Category } from './category.ts';
import type { ProbeName } from './evidence.ts';

/** One row of a decision list: ask `probe`; if it says `says`, the test is of `category`; else the next row applies. */
export interface ProbingRule {
  readonly name: string;
  readonly probe: ProbeName;
  readonly says: 'absent' | 'present' | 'present without sessions';
  readonly category: Category;
  /** Why, in the words of the progress lines. */
  readonly because: string;
}

/** A rule as far as it gives a verdict. */
export type DecidingRule = Pick<ProbingRule, 'name' | 'category' | 'because'>;

/** Rows from top to bottom, and the rule that applies when none of them does. */
export interface ProbingRules {
  readonly rows: readonly ProbingRule[];
  readonly otherwise: DecidingRule;
}

/** A test without session results is not of the platform that the Results API serves; every set begins like this. */
const sessionsNotFound: ProbingRule = {
  name: 'sessions-not-found',
  probe: 'sessions',
  says: 'absent',
  category: 'ClassicUT',
  because: 'session results not found',
};

/** A test without sessions has no data that could show its type yet; every set continues like this. */
const noSessionsYet: ProbingRule = {
  name: 'no-sessions-yet',
  probe: 'sessions',
  says: 'present without sessions',
  category: 'no sessions',
  because: 'nobody has taken it yet',
};

/** The tutorial's rules ("Step 2" and "Step 3"), which also give the order of the probes. */
export const tutorialRules: ProbingRules = {
  rows: [
    sessionsNotFound,
    noSessionsYet,
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

/**
 * Rules after the API reference's table of which product has which data: videos have interaction tests, think-out-loud
 * tests and live conversations, so a video identifies none of them; transcripts have the latter two, QX scores only
 * interaction tests. The transcript is therefore probed before the video. No probe distinguishes a live
 * conversation from a think-out-loud test; only a listing does.
 */
const mediaMatrixRules: ProbingRules = {
  rows: [
    sessionsNotFound,
    noSessionsYet,
    {
      name: 'matrix-has-transcript',
      probe: 'transcript',
      says: 'present',
      category: 'think-out-loud test',
      because: 'transcript available',
    },
    {
      name: 'matrix-has-video',
      probe: 'video',
      says: 'present',
      category: 'interaction test',
      because: 'video but no transcript available',
    },
    {
      name: 'matrix-has-qx-scores',
      probe: 'qx',
      says: 'present',
      category: 'interaction test',
      because: 'QX scores but no transcript available',
    },
  ],
  otherwise: { name: 'matrix-no-other-data', category: 'survey', because: 'no other data available' },
};

export const ruleSetNames = ['tutorial', 'media-matrix'] as const;
export type RuleSetName = (typeof ruleSetNames)[number];

/** The rule sets for classification. `tutorial` is in force unless another one was chosen. */
export const ruleSets: Readonly<Record<RuleSetName, ProbingRules>> = {
  tutorial: tutorialRules,
  'media-matrix': mediaMatrixRules,
};

/** A rule as a set has it: a row of its list, or the rule that applies when no row does (then `row` is null). */
export interface FoundRule {
  readonly rules: ProbingRules;
  readonly rule: DecidingRule;
  readonly row: ProbingRule | null;
}

/** The rule of a name, of whichever set; null for a name that no set has. */
export function findRule(name: string): FoundRule | null {
  for (const rules of Object.values(ruleSets)) {
    const row = rules.rows.find((each) => each.name === name) ?? null;
    if (row !== null) return { rules, rule: row, row };
    if (rules.otherwise.name === name) return { rules, rule: rules.otherwise, row };
  }
  return null;
}
