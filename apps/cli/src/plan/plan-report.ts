import type { RequestForecast } from '@inventory/classification';
import { commandLine } from '@inventory/logger';
import type { OpenCircuit } from '@inventory/queue';
import { circuitJson, circuitTrouble, sentence } from '@inventory/status';
import { clockTime, countOf, isoTime, numberText, timeLeft } from '@inventory/status/words';
import { heldWarning, onceClosed } from '../pace-words.ts';
import type { ListedWorkspace } from './listed-tests.ts';
import type { PlanTime, Situation, TestsPlan } from './plan-tests.ts';

export interface PlanFacts {
  readonly workspaces: readonly ListedWorkspace[];
  readonly tests: number;
  readonly plan: TestsPlan;
  readonly time: PlanTime;
  /** Number of tests of other workspaces that are in the queue already. */
  readonly queuedElsewhere: number;
  /** Whether a start would continue a run that is not over: it was interrupted, or processes are at work on it. */
  readonly resumes: boolean;
  /** Why the queue is held, or null. */
  readonly held: string | null;
  readonly circuit: OpenCircuit | null;
  /** Epoch ms of Redis' clock. */
  readonly now: number;
}

const labels: readonly (readonly [Situation, string])[] = [
  ['new', 'new'],
  ['interrupted', 'in the queue already, without an outcome'],
  ['recheck', 'to recheck: UTZ without sessions'],
  ['error', 'ended in errors: tried again'],
  ['done', 'done'],
];
const ends = ['low', 'expected', 'high'] as const;

export function planLines(facts: PlanFacts): string[] {
  const { workspaces, tests, plan, resumes } = facts;
  const row = (count: number, what: string): string => `${numberText(count).padStart(9)}  ${what}`;
  const failed = workspaces.filter(({ error }) => error !== null);
  return [
    `${countOf(tests, 'test')} in ${countOf(workspaces.length, 'workspace')}; no Results API request was sent.`,
    ...(resumes ? [`The latest run is not over: ${commandLine('start')} continues it.`] : []),
    '',
    ...labels.map(([situation, label]) => row(plan.situations[situation], label)),
    '',
    row(plan.byListing, 'classified by the listing, without a request'),
    row(plan.toProbe, 'to be probed'),
    ...(plan.undecidable > 0
      ? [row(plan.undecidable, 'without a verdict: CLASSIFY_BY=metadata sends no request')]
      : []),
    '',
    ...timeLines(facts),
    ...failed.map(
      ({ workspaceUuid, workspaceName, error }) =>
        `[WARN] Workspace ${workspaceUuid} (${workspaceName}) could not be listed: ${error}`,
    ),
  ];
}

function timeLines({ plan, time, queuedElsewhere, held, circuit, now }: PlanFacts): string[] {
  const { requests } = plan;
  const { endsAt } = time;
  const paused = time.pausedMs > 0 ? `, after a pause of ${timeLeft(time.pausedMs)}` : '';
  const pace = time.intervalMs === 0 ? 'without a limit' : `at one request per ${time.intervalMs / 1000} s${paused}`;
  const columns = (label: string, of: (end: (typeof ends)[number]) => string): string =>
    `  ${label.padEnd(9)}${ends.map((end) => of(end).padStart(21)).join('')}`.trimEnd();
  return [
    ...(plan.toProbe === 0
      ? ['A run sends no Results API request.']
      : [
          columns('', (end) => end),
          columns('requests', (end) => numberText(requests[end])),
          columns('time', (end) => timeLeft(time.ms[end])),
          ...(endsAt === null ? [] : [columns('ends', (end) => clockTime(endsAt[end]))]),
          '',
          `Started now, ${pace}. Expected: ${expectation(plan)}.`,
        ]),
    ...(queuedElsewhere > 0
      ? [`[INFO] ${countOf(queuedElsewhere, 'other test')} in the queue already, not counted here.`]
      : []),
    ...(circuit === null
      ? []
      : [`[WARN] ${sentence(circuitTrouble(circuit, now))}; work begins ${onceClosed(circuit)}.`]),
    ...(held === null ? [] : [heldWarning(held)]),
  ];
}

function expectation({ learnedFrom, requests, toProbe }: TestsPlan): string {
  return learnedFrom === 0
    ? `${(requests.expected / toProbe).toFixed(1)} requests per test, as none has been probed yet`
    : `by the types of the ${countOf(learnedFrom, 'test')} probed so far`;
}

/** The plan for machines; times are ISO 8601 in UTC, lengths of time in ms. */
export function planJson({ plan, now: _, circuit, time, ...facts }: PlanFacts): object {
  return {
    ...facts,
    circuit: circuitJson(circuit),
    ...plan,
    time: { ...time, endsAt: time.endsAt && isoTimes(time.endsAt) },
  };
}

function isoTimes({ low, expected, high }: RequestForecast): object {
  return { low: isoTime(low), expected: isoTime(expected), high: isoTime(high) };
}
