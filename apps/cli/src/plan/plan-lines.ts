import type { OpenCircuit } from '@inventory/queue';
import { countOf } from '../answer/count-of.ts';
import { circuitTrouble, onceClosed, sentence } from '../progress/circuit-text.ts';
import { clockTime } from '../progress/clock-time.ts';
import { timeLeft } from '../progress/time-left.ts';
import type { ListedWorkspace } from './list-tests.ts';
import type { TestsPlan } from './plan-tests.ts';
import type { PlanTime } from './plan-time.ts';
import type { Stand } from './stand-of.ts';

export interface PlanFacts {
  readonly workspaces: readonly ListedWorkspace[];
  readonly tests: number;
  readonly plan: TestsPlan;
  readonly time: PlanTime;
  /** Tests of other workspaces that are queued already. */
  readonly queuedElsewhere: number;
  /** Whether an interrupted run goes on. */
  readonly resumes: boolean;
  /** Why the queue is held, or null. */
  readonly held: string | null;
  readonly circuit: OpenCircuit | null;
  /** Epoch ms of Redis' clock. */
  readonly now: number;
}

const labels: readonly (readonly [Stand, string])[] = [
  ['new', 'new'],
  ['interrupted', 'in the queue already, without an outcome'],
  ['recheck', 'to recheck: UTZ without sessions'],
  ['error', 'ended in errors: tried again'],
  ['done', 'done'],
];
const ends = ['low', 'expected', 'high'] as const;

/** The plan for people. */
export function planLines(facts: PlanFacts): string[] {
  const { workspaces, tests, plan, resumes } = facts;
  const row = (count: number, what: string): string => `${count.toLocaleString('en-US').padStart(9)}  ${what}`;
  const failed = workspaces.filter(({ error }) => error !== null);
  return [
    `${countOf(tests, 'test')} in ${countOf(workspaces.length, 'workspace')}; nothing was asked of the Results API.`,
    ...(resumes ? ['The run that was interrupted would go on.'] : []),
    '',
    ...labels.map(([stand, label]) => row(plan.stands[stand], label)),
    '',
    row(plan.byListing, 'decided by the listing, without a request'),
    row(plan.toProbe, 'to be probed'),
    ...(plan.undecidable > 0 ? [row(plan.undecidable, 'stay undecided: CLASSIFY_BY=metadata asks nothing')] : []),
    '',
    ...timeLines(facts),
    ...failed.map(({ uuid, name, error }) => `[WARN] Workspace ${uuid} (${name}) could not be listed: ${error}`),
  ];
}

/** What the expected number rests on. */
function expectation({ learnedFrom, requests, toProbe }: TestsPlan): string {
  return learnedFrom === 0
    ? `${(requests.expected / toProbe).toFixed(1)} requests a test, as none has been probed yet`
    : `by the types of the ${countOf(learnedFrom, 'test')} probed so far`;
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
      ? ['A run makes no Results API request.']
      : [
          columns('', (end) => end),
          columns('requests', (end) => requests[end].toLocaleString('en-US')),
          columns('time', (end) => timeLeft(time.ms[end])),
          ...(endsAt === null ? [] : [columns('ends', (end) => clockTime(endsAt[end]))]),
          '',
          `Started now, ${pace}. Expected: ${expectation(plan)}.`,
        ]),
    ...(queuedElsewhere > 0
      ? [`[INFO] ${countOf(queuedElsewhere, 'other test')} queued already, not counted here.`]
      : []),
    ...(circuit === null
      ? []
      : [`[WARN] ${sentence(circuitTrouble(circuit, now))}; work begins ${onceClosed(circuit)}.`]),
    ...(held === null ? [] : [`[WARN] The queue is held (${held}): npm start with a working token lets it go on.`]),
  ];
}
