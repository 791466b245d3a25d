import type { ProbeName, RuleSetName } from '@inventory/classification';
import { endpointNames } from '@inventory/status';
import { countOf } from '../answer/count-of.ts';
import type { ChangedTest } from './judge-test.ts';

export interface ReclassifyFacts {
  readonly rules: RuleSetName;
  /** The rules that were in force before. */
  readonly before: RuleSetName;
  readonly dryRun: boolean;
  /** Tests whose type changes. */
  readonly changed: readonly ChangedTest[];
  /** Tests that keep their type, by a rule of this set. */
  readonly renamed: number;
  /** Tests that were decided by a rule of this set already. */
  readonly same: number;
  /** Tests that have to be asked about, and how many lack which answer first. */
  readonly toAsk: readonly string[];
  readonly lacking: Readonly<Partial<Record<ProbeName, number>>>;
  /** Of those that lack an answer, how many are in the queue already. */
  readonly queued: number;
  readonly leftAlone: { readonly declared: number; readonly imported: number };
  /** Processes that work on the queue. */
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
    ...changed.slice(0, mostShown).map(({ uuid, from, to, title }) => `    ${uuid}  ${from} -> ${to}  ${title ?? ''}`),
    ...(changed.length > mostShown ? [`    … and ${changed.length - mostShown} more: --json has all of them`] : []),
    `${countOf(renamed + same, 'test')} ${renamed + same === 1 ? 'keeps its' : 'keep their'} type.`,
    ...asked(facts),
    ...aside(leftAlone),
  ];
}

function transitions(changed: readonly ChangedTest[]): string[] {
  const counts = new Map<string, number>();
  for (const { from, to } of changed) counts.set(`${from} -> ${to}`, (counts.get(`${from} -> ${to}`) ?? 0) + 1);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([what, count]) => `  ${what}: ${count.toLocaleString('en-US')}`);
}

function asked({ dryRun, toAsk, lacking, queued, workers }: ReclassifyFacts): string[] {
  if (toAsk.length + queued === 0) return ['No test lacks an answer that these rules need.'];
  const probes = Object.entries(lacking).map(([probe, count]) => `${nameOf(probe)}: ${count.toLocaleString('en-US')}`);
  return [
    `${countOf(toAsk.length, 'test')} ${dryRun ? 'would be' : toAsk.length === 1 ? 'is' : 'are'} asked about, and ` +
      `${toAsk.length === 1 ? 'keeps its' : 'keep their'} type until then (first ${probes.join(', ')}).`,
    ...(queued > 0 ? [`${countOf(queued, 'test')} already in the queue.`] : []),
    ...(!dryRun && toAsk.length > 0 && workers === 0 ? ['No worker is connected: npm start or npm run worker.'] : []),
  ];
}

function nameOf(probe: string): string {
  return Object.entries(endpointNames).find(([name]) => name === probe)?.[1] ?? probe;
}

function aside({ declared, imported }: ReclassifyFacts['leftAlone']): string[] {
  if (declared + imported === 0) return [];
  return [
    `Left alone: ${declared.toLocaleString('en-US')} declared by the listing, ${imported.toLocaleString('en-US')} imported.`,
  ];
}
