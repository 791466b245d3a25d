import type { Outcome } from '@inventory/checkpoints';
import { findRule, type Verdict } from '@inventory/classification';

/**
 * One line for one finished test, in the words of the tutorial's script.
 * @param place for example `12/345`
 */
export function outcomeLine(outcome: Outcome, place: string): string {
  if ('error' in outcome) {
    const { error } = outcome;
    return `[${place}] [WARN] ${outcome.uuid}: ${error.type} (${error.error})`;
  }
  return `[${place}] ${verdictLine(outcome.uuid, outcome.verdict)}`;
}

function verdictLine(uuid: string, { category, rule, source }: Verdict): string {
  if (source === 'declared') return `${uuid} → ${category} (${rule})`;
  if (category === 'ClassicUT') return `ClassicUT 404: ${uuid}`;
  if (category === 'no sessions') return `UTZ 200: ${uuid} (no sessions)`;
  return `UTZ 200: ${uuid} → ${category} (${findRule(rule)?.rule.because ?? rule})`;
}
