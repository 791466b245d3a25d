import { findRule, type ProbingRules, type Verdict } from '@inventory/classification';
import { endpointNames } from './endpoint-names.ts';

const answers = { absent: 'said 404', present: 'said 200', 'present without sessions': 'said 200 without sessions' };

/** What the rule behind a verdict says, as a sentence. */
export function ruleSays({ rule, source, category }: Verdict): string {
  if (source === 'imported') return 'the state files said so when they were taken over';
  if (source === 'declared') {
    const [, type = '', productType] = rule.split('-');
    const said = productType === undefined ? `type ${type}` : `type ${type} with productType ${productType}`;
    return `the listing says ${said}: ${category}`;
  }
  const found = findRule(rule);
  if (found === null) return 'a rule that this version does not know';
  const { row, rules, rule: meaning } = found;
  const said = row === null ? `${mediaOf(rules)} all said 404` : `${endpointNames[row.probe]} ${answers[row.says]}`;
  return `${said}: ${category} (${meaning.because})`;
}

function mediaOf({ rows }: ProbingRules): string {
  return rows
    .filter(({ says }) => says === 'present')
    .map(({ probe }) => endpointNames[probe])
    .join(', ');
}
