import { setTimeout as sleep } from 'node:timers/promises';
import { type Outcome, type OutcomeFeed, RunLostError, type RunRecord, runJson } from '@inventory/checkpoints';
import { readPaceStatus } from '@inventory/queue';
import type { Account, Runtime } from '@inventory/runtime';
import { readRequestSums } from '@inventory/status';
import type { ProgressDisplay } from '../display.ts';
import { isComplete, type Moment, RunProgress } from './run-progress.ts';
import { Standstill, waitingLine } from './standstill.ts';

const lookEveryMs = 200;

export interface WatchRunOptions {
  readonly runtime: Runtime;
  readonly account: Account;
  readonly display: ProgressDisplay;
  /** Id of the run. */
  readonly run: string;
  /** Outcomes to show one by one; an audit has none. */
  readonly feed?: OutcomeFeed;
  /** Fires when all workspaces are listed. */
  readonly listed: AbortSignal;
  readonly signal: AbortSignal;
}

/**
 * Shows a run's progress until its listing is complete and all its tests have an outcome, or until it is
 * interrupted.
 * @returns the run as it ended
 * @throws RunLostError; QueueHeldError when the API refuses the account's tokens; GaveUpError after an hour of nothing
 * but 429; CircuitOpenError when the circuit has been open for an hour
 */
export async function watchRun(options: WatchRunOptions): Promise<RunRecord> {
  const { runtime, account, display, listed, signal } = options;
  const progress = new RunProgress();
  const standstill = new Standstill(Date.now());
  const place = new Place(runtime);
  for (;;) {
    const moment = await readMoment(options, place);
    const { lines, notices, state } = progress.see(moment, Date.now());
    for (const line of lines) display.line(line);
    for (const notice of notices) display.say(notice);
    display.update(state);
    if (signal.aborted) return moment.run;
    if (isComplete(moment) && (await nothingLost(runtime, moment.run))) return moment.run;
    const stillMs = standstill.see(moment, Date.now());
    if (stillMs !== null) display.say(waitingLine(moment, await readQueue(account), stillMs));
    progress.giveUpIfStuck(moment);
    const wake = moment.listed ? {} : { signal: listed };
    if (!moment.behind) await sleep(lookEveryMs, undefined, wake).catch(() => undefined);
  }
}

async function readMoment({ runtime, run: id, feed, listed }: WatchRunOptions, place: Place): Promise<Moment> {
  const { checkpoints, keyspace } = runtime;
  // Asked before the run is read: listing may add tests to it until then.
  const complete = listed.aborted;
  const run = await checkpoints.runs.read(id);
  if (run === null) throw new RunLostError();
  const all = (await feed?.read()) ?? [];
  // Another run may be at work at the same time.
  const outcomes = all.filter(({ runs }) => runs === undefined || runs.includes(id));
  const refused = all.some((outcome) => 'error' in outcome && outcome.error.type === 'rate_limited_then_failed');
  const [totals, pace, sums, workspace] = await Promise.all([
    checkpoints.inventory.totals(),
    readPaceStatus(keyspace),
    readRequestSums(checkpoints),
    place.after(outcomes),
  ]);
  const { requests, throttled } = runJson(run, sums);
  const sent = { requests: requests ?? 0, throttled: throttled ?? 0 };
  return { run, listed: complete, totals, pace, outcomes, refused, behind: feed?.behind ?? false, sent, workspace };
}

/** Where a run is at work. */
class Place {
  readonly #runtime: Runtime;
  #workspace: string | null = null;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  /** The name of the workspace of the last finished test; null before the first. */
  async after(outcomes: readonly Outcome[]): Promise<string | null> {
    const last = outcomes.at(-1);
    if (last === undefined) return this.#workspace;
    const { inventory, listing } = this.#runtime.checkpoints;
    const [record] = await inventory.records([last.uuid]);
    const uuid = record?.listing?.workspace;
    if (uuid !== undefined) this.#workspace = (await listing.workspaces()).get(uuid)?.name ?? this.#workspace;
    return this.#workspace;
  }
}

/** Whether no test of a complete run has lost its outcome; if one has, the run waits for it again. */
async function nothingLost({ checkpoints, settings }: Runtime, { id }: RunRecord): Promise<boolean> {
  const { classifyBy } = settings;
  if (classifyBy === 'metadata') return true;
  const { reopened } = await checkpoints.reconcile({ when: 'end', run: id, classifyBy });
  return reopened === 0 && (await checkpoints.runs.read(id))?.open === 0;
}

async function readQueue({ queue }: Account): Promise<Parameters<typeof waitingLine>[1]> {
  const [counts, nextRetryAt] = await Promise.all([queue.counts(), queue.nextRetryAt()]);
  return { counts, nextRetryAt };
}
