import { commandLine } from '@inventory/logger';
import type { OpenCircuit } from '@inventory/queue';
import { circuitNext, circuitTrouble, sentence } from '@inventory/status';
import { countOf } from '@inventory/status/words';
import { type MissedTest, missedLines } from './find-test.ts';
import { heldWarning } from './pace-words.ts';

/** UUIDs of tests, by what `retry` can do with them. */
export interface SortedTests {
  /** Ended in an error, and can be enqueued. */
  readonly failed: readonly string[];
  /** In the queue already. */
  readonly waiting: readonly string[];
  /** No error is recorded. */
  readonly withoutError: readonly string[];
  /** With an error from a state file, but in no listing so far. */
  readonly unlisted: readonly string[];
}

export interface RetryFacts extends Omit<SortedTests, 'failed'> {
  readonly enqueued: readonly string[];
  /** A run waited for them, but their jobs were lost; enqueued too. */
  readonly lost: readonly string[];
  readonly unknown: readonly MissedTest[];
  /** Number of workspaces whose listing ended in an error. */
  readonly workspaces: number;
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
  const skipped = (uuids: readonly string[], why: string): string[] =>
    uuids.map((uuid) => `[WARN] ${uuid} was skipped: ${why}.`);
  const nothing = [enqueued, lost, waiting, withoutError, unlisted, unknown].every(({ length }) => length === 0);
  return [
    enqueued.length === 0
      ? nothing
        ? 'No test has ended in an error.'
        : 'No test was enqueued again.'
      : `${countOf(enqueued.length, 'test')} enqueued again; an error is removed when its test is classified.`,
    ...(lost.length > 0 ? [`${countOf(lost.length, 'test')} had lost the place in the queue: enqueued.`] : []),
    ...(waiting.length > 0 ? [`${countOf(waiting.length, 'test')} already in the queue.`] : []),
    ...skipped(withoutError, 'it has not ended in an error'),
    ...skipped(unlisted, `it is in no listing so far; ${commandLine('start')} looks for it`),
    ...unknown.flatMap(missedLines),
    ...(workspaces > 0
      ? [`${countOf(workspaces, 'workspace')} could not be listed: ${commandLine('start')} tries again.`]
      : []),
    ...(circuit === null
      ? []
      : [`[WARN] ${sentence(circuitTrouble(circuit, now))}; ${circuitNext(circuit.nextProbeAt, now)}.`]),
    ...(held === null ? [] : [heldWarning(held)]),
    ...(enqueued.length + lost.length > 0 && workers === 0
      ? [`No worker is connected: ${commandLine('start')} or ${commandLine('worker')}.`]
      : []),
  ];
}
