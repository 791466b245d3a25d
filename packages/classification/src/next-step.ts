import type { Answer, Evidence, ProbeName } from './evidence.ts';
import type { DecidingRule, ProbingRule, ProbingRules } from './rule-sets.ts';

/** Either the next probe to send, or the rule that gives the verdict. */
export type NextStep =
  | { readonly kind: 'ask'; readonly probe: ProbeName; readonly sessionId: string | null }
  | { readonly kind: 'decided'; readonly rule: DecidingRule };

/**
 * Reads the rules from top to bottom against what is known. The first row whose probe has not been answered
 * is the next probe; the first row that the evidence meets gives the verdict.
 */
export function nextStep(evidence: Evidence, rules: ProbingRules): NextStep {
  const sessionId = evidence.sessions?.sessionId ?? null;
  for (const row of rules.rows) {
    const answer = evidence[row.probe];
    if (answer === undefined) return { kind: 'ask', probe: row.probe, sessionId };
    if (meets(answer, row)) return { kind: 'decided', rule: row };
  }
  return { kind: 'decided', rule: rules.otherwise };
}

function meets(answer: Answer, { probe, says }: ProbingRule): boolean {
  if (says !== 'present without sessions') return answer.outcome === says;
  return probe === 'sessions' && answer.outcome === 'present' && !answer.sessionId;
}
