import { categories, type RuleSetName } from '@inventory/classification';
import { countOf } from '../answer/count-of.ts';
import type { AuditReport, Tally } from './audit-report.ts';

export interface AuditFacts extends AuditReport {
  readonly sample: number;
  /** How many tests the listing declared. */
  readonly population: number;
  readonly seed: number;
  /** The rules by which the probes were judged. */
  readonly rules: RuleSetName;
}

const width = 20;
const columns = [
  ['agrees', 'agree'],
  ['disagrees', 'disagree'],
  ['cannot tell', 'cannot tell'],
  ['failed', 'no answer'],
] as const satisfies readonly (readonly [keyof Tally, string])[];

/** What an audit found, for people. */
export function auditLines(facts: AuditFacts): string[] {
  const { sample, population, seed, rules, byType, total, disagreement, disagreements } = facts;
  const row = (label: string, cells: readonly string[]): string =>
    `${label.padEnd(width)}${cells.map((cell) => cell.padStart(13)).join('')}`;
  const numbers = (tally: Tally): string[] => columns.map(([name]) => tally[name].toLocaleString('en-US'));
  return [
    `Audit of ${countOf(sample, 'test')} of the ${population.toLocaleString('en-US')} that the listing declared ` +
      `(seed ${seed}, rules ${rules}).`,
    '',
    row(
      'declared',
      columns.map(([, title]) => title),
    ),
    ...categories.flatMap((category) => {
      const tally = byType[category];
      return tally === undefined ? [] : [row(category, numbers(tally))];
    }),
    row('all', numbers(total)),
    '',
    ...shareLines(total, disagreement),
    ...(total['cannot tell'] > 0
      ? ['Where the probes cannot tell, the platform agrees: tests without sessions, and live conversations.']
      : []),
    ...disagreements.map(
      ({ uuid, declared, probed, rule, title }) =>
        `[WARN] ${uuid}  declared ${declared}, probed ${probed} (${rule})  ${title ?? ''}`,
    ),
    ...(disagreements.length > 0 ? ['The listing counts as before; npm run explain -- TEST_UUID shows both.'] : []),
    ...(total.failed > 0
      ? [`[WARN] ${countOf(total.failed, 'test')} gave no answer: run it again with --seed ${seed}.`]
      : []),
  ];
}

function shareLines({ agrees, disagrees }: Tally, { share, interval }: AuditReport['disagreement']): string[] {
  if (share === null) return ['No test could be compared.'];
  const percent = (part: number): string => `${(100 * part).toFixed(1)} %`;
  return [
    `Disagreement: ${disagrees} of ${agrees + disagrees}, ${percent(share)} ` +
      `(95 % confidence, exact: ${percent(interval.low)} to ${percent(interval.high)}).`,
  ];
}
