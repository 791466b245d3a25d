import { type Answer, droppedSession, type Evidence, type ProbeName } from './evidence.ts';
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
    if (answer === undefined) return questionFor(row.probe, sessionId);
    if (meets(answer, row)) return { kind: 'decided', rule: row };
  }
  return { kind: 'decided', rule: rules.otherwise };
}

/** A session whose id was dropped has to be asked for again before its data. */
function questionFor(probe: ProbeName, sessionId: string | null): NextStep {
  const isOfSession = probe === 'video' || probe === 'transcript';
  if (isOfSession && sessionId === droppedSession) return { kind: 'ask', probe: 'sessions', sessionId: null };
  return { kind: 'ask', probe, sessionId };
}

function meets(answer: Answer, { probe, says }: ProbingRule): boolean {
  if (says !== 'present without sessions') return answer.outcome === says;
  return probe === 'sessions' && answer.outcome === 'present' && !answer.sessionId;
}
