import { setTimeout as sleep } from 'node:timers/promises';
import {
  fullRead,
  type Outcome,
  type OutcomeFeed,
  RunLostError,
  type RunRecord,
  type Totals,
} from '@inventory/checkpoints';
import { type PaceStatus, readPaceStatus } from '@inventory/queue';
import type { Account, Runtime } from '@inventory/runtime';
import { forecastRun } from '@inventory/status';
import { circuitNote } from '../progress/circuit-text.ts';
import { clockTime } from '../progress/clock-time.ts';
import { outcomeLine } from '../progress/outcome-line.ts';
import { pauseCause } from '../progress/pause-cause.ts';
import type { ProgressDisplay } from '../progress/progress-display.ts';
import { timeLeft } from '../progress/time-left.ts';
import { CircuitWatch } from './circuit-watch.ts';
import { GaveUpError, QueueHeldError } from './errors.ts';
import { type QueueFacts, Standstill, waitingLine } from './standstill.ts';

const look = 200;

export interface WatchRunOptions {
  readonly runtime: Runtime;
  readonly account: Account;
  readonly display: ProgressDisplay;
  readonly feed: Pick<OutcomeFeed, 'read'>;
  /** Id of the run; null until it is known. */
  readonly runId: () => string | null;
  /** Fires when the listing has come to its end. */
  readonly listed: AbortSignal;
  readonly signal: AbortSignal;
}

/**
 * Shows a run's progress until its listing is complete and all its tests have an outcome, or until it is
 * interrupted.
 * @returns the run as it ended; null when it never began
 * @throws QueueHeldError when the API refuses the account's tokens, GaveUpError after an hour of nothing but 429,
 * CircuitOpenError when the circuit has been open for an hour
 */
export async function watchRun(options: WatchRunOptions): Promise<RunRecord | null> {
  const { runtime, account, display, feed, signal } = options;
  const { runs, inventory } = runtime.checkpoints;
  let shown = 0;
  let pausedUntil = 0;
  const circuit = new CircuitWatch(display);
  let pace: PaceStatus | null = null;
  const standstill = new Standstill(Date.now());
  for (;;) {
    const listed = options.listed.aborted;
    const id = options.runId();
    const run = id === null ? null : await runs.read(id);
    const total = run?.selected ?? 0;
    if (id !== null && run === null) throw new RunLostError();
    const outcomes = await feed.read();
    // A listing decides faster than this looks: then there is more to be said before the run is over.
    const behind = outcomes.length >= fullRead;
    const done = total - (run?.open ?? 0);
    // Fewer are done than were shown where verdicts have been taken back: they come once more.
    if (!behind) shown = Math.max(done < shown ? 0 : shown, done - outcomes.length);
    for (const outcome of outcomes) {
      shown += 1;
      display.line(outcomeLine(outcome, `${shown}/${Math.max(shown, total)}`));
    }
    if (run) {
      const [totals, status] = await Promise.all([inventory.totals(), readPaceStatus(runtime.keyspace)]);
      pace = status;
      pausedUntil = sayPause(display, pace, pausedUntil);
      circuit.look(pace);
      display.update({ done: total - run.open, total, note: note(run, totals, pace, listed) });
    }
    if (signal.aborted) return run;
    if (listed && !behind && (run === null || (run.open === 0 && (await hasEnded(runtime, run.id))))) return run;
    const moment = { run, listed, pace };
    const stillMs = standstill.look(moment, Date.now());
    if (stillMs !== null) display.say(waitingLine(moment, await queueFacts(account), stillMs));
    checkOutcomes(outcomes);
    circuit.check();
    if ((await account.queue.held()) === 'auth') throw new QueueHeldError();
    if (!behind) await sleep(look, undefined, listed ? {} : { signal: options.listed }).catch(() => undefined);
  }
}

/** Whether a run that waits for nothing has lost nothing either: else it goes on. */
async function hasEnded({ checkpoints, settings }: Runtime, run: string): Promise<boolean> {
  const { classifyBy } = settings;
  if (classifyBy === 'metadata') return true;
  const { reopened } = await checkpoints.reconcile({ when: 'end', run, classifyBy });
  return reopened === 0 && (await checkpoints.runs.read(run))?.open === 0;
}

async function queueFacts({ queue }: Account): Promise<QueueFacts> {
  const [counts, nextRetryAt] = await Promise.all([queue.counts(), queue.nextRetryAt()]);
  return { counts, nextRetryAt };
}

function checkOutcomes(outcomes: readonly Outcome[]): void {
  const limited = outcomes.some((outcome) => 'error' in outcome && outcome.error.type === 'rate_limited_then_failed');
  if (limited) throw new GaveUpError();
}

function note({ open }: RunRecord, totals: Totals, pace: PaceStatus, listed: boolean): string {
  if (listed && open === 0) return 'done';
  const listing = listed ? '' : 'still listing, ';
  if (pace.circuit !== null) return listing + circuitNote(pace.circuit, pace.now);
  const { requests, ms } = forecastRun(open, totals, pace.intervalMs ?? 0);
  const paused = pace.pause === null ? 0 : pace.pause.until - pace.now;
  const end = clockTime(Date.now() + ms + paused);
  const limited = paused > 0 ? `, ${pauseCause(pace.pause?.cause ?? '')} until ${clockTime(Date.now() + paused)}` : '';
  return `${listing}about ${requests.expected} requests, ${timeLeft(ms + paused)}, until ${end}${limited}`;
}

/** Says once that everything pauses, and until when. */
function sayPause(display: ProgressDisplay, { pause, now }: PaceStatus, before: number): number {
  if (pause === null || pause.until <= before + 1000) return before;
  const cause = pauseCause(pause.cause);
  display.say(
    `[INFO] ${cause}: pausing for ${timeLeft(pause.until - now)}, until ${clockTime(Date.now() + pause.until - now)}`,
  );
  return pause.until;
}
