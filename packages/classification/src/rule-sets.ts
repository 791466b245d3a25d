import { mediaMatrixRules } from './media-matrix-rules.ts';
import type { ProbingRule, ProbingRules } from './probing-rules.ts';
import { tutorialRules } from './tutorial-rules.ts';

export const ruleSetNames = ['tutorial', 'media-matrix'] as const;
export type RuleSetName = (typeof ruleSetNames)[number];

/** The sets of rules by which evidence can be judged. `tutorial` counts unless another one was chosen. */
export const ruleSets: Readonly<Record<RuleSetName, ProbingRules>> = {
  tutorial: tutorialRules,
  'media-matrix': mediaMatrixRules,
};

/** A rule as a set has it: a row of its list, or what it says when no row decided (then `row` is null). */
export interface FoundRule {
  readonly rules: ProbingRules;
  readonly rule: Pick<ProbingRule, 'name' | 'category' | 'because'>;
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
