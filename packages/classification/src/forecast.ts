import type { Evidence } from './evidence.ts';
import { nextStep } from './next-step.ts';
import type { ProbingRules } from './rule-sets.ts';

/** How many tests each rule has classified so far, by the rule's name; a missing rule has classified none. */
export type RuleMix = Readonly<Record<string, number>>;

/** Requests still to come: the least possible, the most likely, the most possible. */
export interface RequestForecast {
  readonly low: number;
  readonly expected: number;
  readonly high: number;
}

/**
 * How many requests a test without a verdict will still take. How likely each rule is to classify it is learned from
 * the mix seen so far; one test for each rule is counted beforehand, so that an empty mix gives a plain average.
 */
export function requestForecast(evidence: Evidence, mix: RuleMix, rules: ProbingRules): RequestForecast {
  const asked = new Set(rules.rows.map(({ probe }) => probe).filter((probe) => evidence[probe] !== undefined)).size;
  const open = costs(rules)
    .map(({ rule, requests }) => ({ requests: requests - asked, weight: (mix[rule] ?? 0) + 1 }))
    .filter(({ requests }) => requests > 0);
  if (open.length === 0) return { low: 0, expected: 0, high: 0 };
  const weight = open.reduce((sum, row) => sum + row.weight, 0);
  const next = nextStep(evidence, rules);
  // For the id of a session that was dropped.
  const more = evidence.sessions !== undefined && next.kind === 'ask' && next.probe === 'sessions' ? 1 : 0;
  return {
    low: Math.min(...open.map(({ requests }) => requests)),
    expected: more + open.reduce((sum, row) => sum + row.requests * row.weight, 0) / weight,
    high: more + Math.max(...open.map(({ requests }) => requests)),
  };
}

/** What a verdict by each rule costs: the different probes down to its row. */
function costs(rules: ProbingRules): { rule: string; requests: number }[] {
  const probes = rules.rows.map(({ probe }) => probe);
  const rows = rules.rows.map(({ name }, index) => ({
    rule: name,
    requests: new Set(probes.slice(0, index + 1)).size,
  }));
  return [...rows, { rule: rules.otherwise.name, requests: new Set(probes).size }];
}
