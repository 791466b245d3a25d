import type { AuditRecord } from '@inventory/checkpoints';
import { type Category, categories, platformOf, type RuleSetName } from '@inventory/classification';
import { commandLine } from '@inventory/logger';
import { countOf, numberText } from '@inventory/status/words';
import { type DeclaredTest, exactInterval, type Interval } from './sample.ts';

/** Whether the probes confirm what a listing declares. */
export type Comparison = 'agrees' | 'disagrees' | 'cannot tell';

/**
 * Compares what a listing declares with what the probes say. They cannot tell the type of a test without sessions, nor
 * a live conversation from other tests with recordings; then only the platform counts.
 */
export function compareCategories(declared: Category, probed: Category): Comparison {
  if (platformOf(declared) !== platformOf(probed)) return 'disagrees';
  if (declared === probed) return 'agrees';
  return declared === 'live conversation' || probed === 'no sessions' ? 'cannot tell' : 'disagrees';
}

interface Disagreement {
  readonly testUuid: string;
  readonly title: string | null;
  readonly declared: Category;
  readonly probed: Category;
  readonly rule: string;
}

/** Number of tests by comparison; `failed`: they ended in an error or were not probed. */
type Tally = Readonly<Record<Comparison | 'failed', number>>;

interface Compared {
  readonly byType: Readonly<Partial<Record<Category, Tally>>>;
  readonly total: Tally;
  /** Of those that could be compared, the share that disagrees, and its exact 95 % confidence interval. */
  readonly disagreement: { readonly share: number | null; readonly interval: Interval };
  readonly disagreements: readonly Disagreement[];
}

/** Compares what the listing declares about a sample with what the probes said. */
export function compareAll(
  sample: readonly { readonly test: DeclaredTest; readonly audited: AuditRecord | null }[],
): Compared {
  const byType: Partial<Record<Category, Record<keyof Tally, number>>> = {};
  const total = emptyTally();
  const disagreements: Disagreement[] = [];
  for (const { test, audited } of sample) {
    const { category: declared } = test.verdict;
    const probed = audited !== null && 'category' in audited ? audited : null;
    const outcome = probed === null ? 'failed' : compareCategories(declared, probed.category);
    const tally = byType[declared] ?? emptyTally();
    byType[declared] = tally;
    tally[outcome] += 1;
    total[outcome] += 1;
    if (probed !== null && outcome === 'disagrees') {
      const { category, rule } = probed;
      disagreements.push({ testUuid: test.uuid, title: test.listing.title ?? null, declared, probed: category, rule });
    }
  }
  const comparable = total.agrees + total.disagrees;
  const share = comparable === 0 ? null : total.disagrees / comparable;
  return {
    byType,
    total,
    disagreement: { share, interval: exactInterval(total.disagrees, comparable) },
    disagreements,
  };
}

function emptyTally(): Record<keyof Tally, number> {
  return { agrees: 0, disagrees: 0, 'cannot tell': 0, failed: 0 };
}

export interface AuditFacts extends Compared {
  /** How many tests were probed. */
  readonly sample: number;
  /** How many tests the listing declared. */
  readonly population: number;
  readonly seed: number;
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
  if (population === 0) return ['The listing declared no type: there is nothing to audit.'];
  const row = (label: string, cells: readonly string[]): string =>
    `${label.padEnd(width)}${cells.map((cell) => cell.padStart(13)).join('')}`;
  const numbers = (tally: Tally): string[] => columns.map(([name]) => numberText(tally[name]));
  return [
    `Audit of ${countOf(sample, 'test')} of the ${numberText(population)} that the listing declared ` +
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
      ({ testUuid, declared, probed, rule, title }) =>
        `[WARN] ${testUuid}  declared ${declared}, probed ${probed} (${rule})  ${title ?? ''}`,
    ),
    ...(disagreements.length > 0
      ? [`The types are not changed; ${commandLine('explain', 'TEST_UUID')} shows both.`]
      : []),
    ...(total.failed > 0
      ? [`[WARN] ${countOf(total.failed, 'test')} gave no answer: run it again with --seed ${seed}.`]
      : []),
  ];
}

function shareLines({ agrees, disagrees }: Tally, { share, interval }: Compared['disagreement']): string[] {
  if (share === null) return ['No test could be compared.'];
  const percent = (part: number): string => `${(100 * part).toFixed(1)} %`;
  return [
    `Disagreement: ${disagrees} of ${agrees + disagrees}, ${percent(share)} ` +
      `(95 % confidence, exact: ${percent(interval.low)} to ${percent(interval.high)}).`,
  ];
}
