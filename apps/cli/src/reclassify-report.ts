import type { ProbeName, RuleSetName } from '@inventory/classification';
import { commandLine } from '@inventory/logger';
import { endpointNames } from '@inventory/status';
import { countOf, numberText } from '@inventory/status/words';
import type { ChangedTest } from './reevaluate.ts';

export interface ReclassifyFacts {
  readonly rules: RuleSetName;
  readonly before: RuleSetName;
  readonly dryRun: boolean;
  readonly changed: readonly ChangedTest[];
  /** Number of tests that keep their type, now by a rule of this set. */
  readonly renamed: number;
  /** Number of tests that a rule of this set had classified before. */
  readonly same: number;
  /** UUIDs of tests to probe. */
  readonly toAsk: readonly string[];
  /** By probe, how many of these tests lack its answer first. */
  readonly lacking: Readonly<Partial<Record<ProbeName, number>>>;
  /** Number of tests that lack an answer and were in the queue already. */
  readonly queued: number;
  readonly leftAlone: { readonly declared: number; readonly imported: number };
  readonly undecided: number;
  readonly workers: number;
}

const mostShown = 20;

/** What `reclassify` did or would do, for people: every known test is in one row. */
export function reclassifyLines(facts: ReclassifyFacts): string[] {
  const { rules, before, dryRun, changed, toAsk, workers } = facts;
  const was = before === rules ? '' : ` (${before} before)`;
  const rows = countedRows(facts).filter(([count]) => count > 0);
  const tests = rows.reduce((sum, [count]) => sum + count, 0);
  return [
    dryRun ? `Rules ${rules} would apply${was}. Nothing was changed.` : `Rules ${rules} apply from now on${was}.`,
    '',
    tests === 0 ? `No test is known yet: ${commandLine('start')} lists them.` : `Of ${countOf(tests, 'test')}:`,
    ...rows.map(([count, what]) => `${numberText(count).padStart(8)}  ${what}`),
    ...changedLines(changed),
    ...(!dryRun && toAsk.length > 0 && workers === 0
      ? [`No worker is connected: ${commandLine('start')} or ${commandLine('worker')}.`]
      : []),
  ];
}

function countedRows(facts: ReclassifyFacts): (readonly [count: number, what: string])[] {
  const { dryRun, changed, renamed, same, toAsk, lacking, queued, leftAlone, undecided } = facts;
  const first = Object.entries(lacking).map(([probe, count]) => `${nameOf(probe)} (${numberText(count)})`);
  return [
    [changed.length, dryRun ? 'type would change' : 'type changed'],
    [renamed + same, 'type stays'],
    [
      toAsk.length,
      `${dryRun ? 'would be probed' : 'to be probed'}, type stays until then; asked first: ${first.join(', ')}`,
    ],
    [queued, 'in the queue already'],
    [leftAlone.declared, 'declared by the listing: left alone'],
    [leftAlone.imported, 'imported: left alone'],
    [undecided, 'without a verdict'],
  ];
}

function changedLines(changed: readonly ChangedTest[]): string[] {
  if (changed.length === 0) return [];
  const counts = new Map<string, number>();
  for (const { from, to } of changed) counts.set(`${from} -> ${to}`, (counts.get(`${from} -> ${to}`) ?? 0) + 1);
  return [
    '',
    ...[...counts].sort(([, a], [, b]) => b - a).map(([what, count]) => `${what}: ${numberText(count)}`),
    ...changed
      .slice(0, mostShown)
      .map(({ testUuid, from, to, title }) => `  ${testUuid}  ${from} -> ${to}  ${title ?? ''}`),
    ...(changed.length > mostShown ? [`  … and ${changed.length - mostShown} more: --json has all of them`] : []),
  ];
}

function nameOf(probe: string): string {
  return Object.entries(endpointNames).find(([name]) => name === probe)?.[1] ?? probe;
}
