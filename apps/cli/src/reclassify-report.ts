import type { ProbeName, RuleSetName } from '@inventory/classification';
import { commandLine } from '@inventory/logger';
import { endpointNames } from '@inventory/status';
import { countOf, numberText } from '@inventory/status/words';
import type { ChangedTest } from './reevaluate.ts';

/** What `reclassify` did or would do. */
export interface ReclassifyFacts {
  readonly rules: RuleSetName;
  /** The rules that were in force before. */
  readonly before: RuleSetName;
  readonly dryRun: boolean;
  /** Tests whose type changes. */
  readonly changed: readonly ChangedTest[];
  /** Number of tests that keep their type, now by a rule of this set. */
  readonly renamed: number;
  /** Number of tests that a rule of this set had classified before. */
  readonly same: number;
  /** UUIDs of tests to probe. */
  readonly toAsk: readonly string[];
  /** By probe, how many tests lack its answer first. */
  readonly lacking: Readonly<Partial<Record<ProbeName, number>>>;
  /** Number of tests that lack an answer and were in the queue already. */
  readonly queued: number;
  readonly leftAlone: { readonly declared: number; readonly imported: number };
  /** Number of processes that work on the queue. */
  readonly workers: number;
}

const mostShown = 20;

/** What `reclassify` did or would do, for people. */
export function reclassifyLines(facts: ReclassifyFacts): string[] {
  const { rules, before, dryRun, changed, renamed, same, leftAlone } = facts;
  const was = before === rules ? '' : ` (${before} before)`;
  return [
    dryRun ? `Rules ${rules} would apply${was}. Nothing was changed.` : `Rules ${rules} apply from now on${was}.`,
    '',
    `${countOf(changed.length, 'test')} ${dryRun ? 'would change' : 'changed'} type${changed.length > 0 ? ':' : '.'}`,
    ...transitions(changed),
    ...changed
      .slice(0, mostShown)
      .map(({ testUuid, from, to, title }) => `    ${testUuid}  ${from} -> ${to}  ${title ?? ''}`),
    ...(changed.length > mostShown ? [`    … and ${changed.length - mostShown} more: --json has all of them`] : []),
    `${countOf(renamed + same, 'test')} ${renamed + same === 1 ? 'keeps its' : 'keep their'} type.`,
    ...probeLines(facts),
    ...leftAloneLines(leftAlone),
  ];
}

function transitions(changed: readonly ChangedTest[]): string[] {
  const counts = new Map<string, number>();
  for (const { from, to } of changed) counts.set(`${from} -> ${to}`, (counts.get(`${from} -> ${to}`) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a).map(([what, count]) => `  ${what}: ${numberText(count)}`);
}

function probeLines({ dryRun, toAsk, lacking, queued, workers }: ReclassifyFacts): string[] {
  if (toAsk.length + queued === 0) return ['No test lacks an answer that these rules need.'];
  const probes = Object.entries(lacking).map(([probe, count]) => `${nameOf(probe)}: ${numberText(count)}`);
  return [
    `${countOf(toAsk.length, 'test')} ${dryRun ? 'would be' : toAsk.length === 1 ? 'is' : 'are'} probed, and ` +
      `${toAsk.length === 1 ? 'keeps its' : 'keep their'} type until then (first ${probes.join(', ')}).`,
    ...(queued > 0 ? [`${countOf(queued, 'test')} already in the queue.`] : []),
    ...(!dryRun && toAsk.length > 0 && workers === 0
      ? [`No worker is connected: ${commandLine('start')} or ${commandLine('worker')}.`]
      : []),
  ];
}

function nameOf(probe: string): string {
  return Object.entries(endpointNames).find(([name]) => name === probe)?.[1] ?? probe;
}

function leftAloneLines({ declared, imported }: ReclassifyFacts['leftAlone']): string[] {
  if (declared + imported === 0) return [];
  return [`Left alone: ${numberText(declared)} declared by the listing, ${numberText(imported)} imported.`];
}
