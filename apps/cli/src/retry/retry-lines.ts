import type { OpenCircuit } from '@inventory/queue';
import { countOf } from '../answer/count-of.ts';
import type { ResolvedTest } from '../find-test/resolve-test.ts';
import { unresolvedLines } from '../find-test/unresolved-lines.ts';
import { circuitNext, circuitTrouble, sentence } from '../progress/circuit-text.ts';
import type { SortedTests } from './sort-errors.ts';

export interface RetryFacts extends SortedTests {
  /** Tests that were enqueued again. */
  readonly enqueued: readonly string[];
  /** Tests that a run waited for although their jobs were lost; enqueued too. */
  readonly lost: readonly string[];
  readonly unknown: readonly Exclude<ResolvedTest, { kind: 'found' }>[];
  /** Workspaces whose listing ended in an error. */
  readonly workspaces: number;
  /** Processes that work on the queue. */
  readonly workers: number;
  /** Why the queue is held, or null. */
  readonly held: string | null;
  readonly circuit: OpenCircuit | null;
  /** Epoch ms of Redis' clock. */
  readonly now: number;
}

/** What `retry` did, for people. */
export function retryLines(facts: RetryFacts): string[] {
  const { enqueued, lost, waiting, withoutError, unlisted, unknown, workspaces, workers, held, circuit, now } = facts;
  const list = (uuids: readonly string[], what: string): string[] =>
    uuids.map((uuid) => `[WARN] ${uuid} was left alone: ${what}.`);
  return [
    enqueued.length === 0
      ? 'No test was enqueued again.'
      : `${countOf(enqueued.length, 'test')} enqueued again; an error goes away when its test is decided.`,
    ...(lost.length > 0 ? [`${countOf(lost.length, 'test')} had lost the place in the queue: enqueued.`] : []),
    ...(waiting.length > 0 ? [`${countOf(waiting.length, 'test')} already in the queue.`] : []),
    ...list(withoutError, 'it has not ended in an error'),
    ...list(unlisted, 'no listing has shown it yet, npm start looks for it'),
    ...unknown.flatMap(unresolvedLines),
    ...(workspaces > 0 ? [`${countOf(workspaces, 'workspace')} could not be listed: npm start tries again.`] : []),
    ...(circuit === null ? [] : [`[WARN] ${sentence(circuitTrouble(circuit, now))}; ${circuitNext(circuit, now)}.`]),
    ...(held === null ? [] : [`[WARN] The queue is held (${held}): npm start with a working token lets it go on.`]),
    ...(enqueued.length + lost.length > 0 && workers === 0
      ? ['No worker is connected: npm start or npm run worker.']
      : []),
  ];
}
