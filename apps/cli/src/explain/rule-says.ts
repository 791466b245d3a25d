import { tutorialRules, type Verdict } from '@inventory/classification';
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
  const row = tutorialRules.rows.find(({ name }) => name === rule);
  if (row !== undefined) return `${endpointNames[row.probe]} ${answers[row.says]}: ${row.category} (${row.because})`;
  const { name, because } = tutorialRules.otherwise;
  if (rule !== name) return 'a rule that this version does not know';
  const asked = tutorialRules.rows.filter(({ says }) => says === 'present').map(({ probe }) => endpointNames[probe]);
  return `${asked.join(', ')} all said 404: ${category} (${because})`;
}
