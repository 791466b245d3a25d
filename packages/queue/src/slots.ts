import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Logger, messageOf } from '@inventory/logger';
import { type Job, Worker } from 'bullmq';
import { DelayedJobs, lockDuration, stalledInterval, type Turn } from './delayed-jobs.ts';
import { queueName } from './keys.ts';
import type { Pace } from './pace.ts';
import { type RunJobOptions, runJob } from './run-job.ts';
import type { JobData } from './test-queue.ts';

export interface SlotsOptions extends Omit<RunJobOptions, 'delayed'> {
  readonly pace: Pace;
  /** Requests that may be in flight at once. */
  readonly slots: number;
}

/** Slots at work. `close` lets the requests in flight end and gives their jobs back. */
export interface Slots {
  close(): Promise<void>;
}

interface Listener extends SlotsOptions, Pick<RunJobOptions, 'delayed'> {
  readonly worker: Worker<JobData>;
  readonly inFlight: Set<Promise<void>>;
  readonly trouble: (error: unknown) => void;
  /** How much later this process asks than the one that was granted the last job, ms. */
  readonly standbyMs: number;
  readonly signal: AbortSignal;
}

const longestSleep = 1_000;
/** How often a process looks for jobs while its other jobs may come back, ms. */
const pollWhileAtWork = 50;
const pauseAfterError = 500;

/**
 * Starts the slots of one worker process: one listener takes a job at each turn of the limiter, and up to
 * `slots` jobs are in progress at once (docs/decisions/0004-one-listener.md).
 */
export function startSlots(options: SlotsOptions): Slots {
  const { keyspace, logger, pace } = options;
  const worker = new Worker<JobData>(queueName, null, {
    connection: keyspace.client,
    prefix: keyspace.prefix,
    drainDelay: 0.5,
    lockDuration,
    stalledInterval,
    maxStalledCount: 1_000_000,
  });
  const trouble = troubleLog(logger);
  worker.on('error', trouble);
  void worker.startStalledCheckTimer();
  const closing = new AbortController();
  const inFlight = new Set<Promise<void>>();
  const standbyMs = pace.intervalMs * (0.02 + 0.08 * Math.random());
  const delayed = new DelayedJobs(keyspace);
  const listening = listen({ ...options, trouble, delayed, worker, inFlight, standbyMs, signal: closing.signal });
  return {
    async close() {
      closing.abort();
      await listening;
      await Promise.all(inFlight);
      await worker.close();
    },
  };
}

/**
 * Logs why no job can be taken. What Redis itself refuses (it is full, or denies this user a command) may last, and is a
 * warning, one in half a minute; a lost connection is told elsewhere.
 */
function troubleLog(logger: Logger): (error: unknown) => void {
  let saidAt = Number.NEGATIVE_INFINITY;
  return (error) => {
    const isNews = error instanceof Error && error.name === 'ReplyError' && performance.now() - saidAt > 30_000;
    if (isNews) saidAt = performance.now();
    logger[isNews ? 'warn' : 'debug']({ error: messageOf(error) }, 'no job could be taken');
  };
}

/** Takes jobs until the signal. The process that was granted the last one is the first to ask for the next. */
async function listen(listener: Listener): Promise<void> {
  const { inFlight, slots, pace, trouble, signal } = listener;
  let first = false;
  while (!signal.aborted) {
    try {
      if (inFlight.size >= slots) {
        await Promise.race(inFlight);
        continue;
      }
      const found = await turn(listener, first);
      if (found === null) continue;
      const job = await nextJob(listener, found);
      first = job !== undefined;
      if (job === undefined) continue;
      const run = runJob(listener, job).finally(() => inFlight.delete(run));
      inFlight.add(run);
      await rest(pace.intervalMs / 2, signal);
    } catch (error) {
      trouble(error);
      await rest(pauseAfterError, signal);
    }
  }
}

/**
 * Waits for the next turn of the limiter. Where many processes wait, all but one come a little late, each by
 * its own time, so that they don't delay the one that is granted the turn.
 * @returns what was found when it is our turn to ask; null: look again
 */
async function turn({ delayed, standbyMs, signal }: Listener, first: boolean): Promise<Turn | null> {
  const found = await delayed.look();
  const { limitedForMs: left } = found;
  if (left === 0) return found;
  // A timer is late by about a millisecond: the first comes one early, and looks until the limiter opens.
  await rest(Math.min(first ? left - 1 : left + standbyMs, longestSleep), signal);
  return null;
}

/** Takes a job, or waits for one. BullMQ would wait for a delayed one by its own clock, and up to ten seconds. */
async function nextJob(
  { worker, delayed, inFlight, signal }: Listener,
  found: Turn,
): Promise<Job<JobData> | undefined> {
  const { due, nextDueMs } = found;
  if (due.length > 0) await delayed.promote(worker, due);
  // BullMQ keeps a limit that it once met in memory, for up to 35 s, and does not ask again. Redis has just said that
  // there is none.
  worker['limitUntil'] = Math.min(worker['limitUntil'], Date.now());
  const job = await worker.getNextJob(randomUUID(), { block: nextDueMs === null });
  if (job === undefined && nextDueMs !== null) {
    await rest(Math.min(nextDueMs, inFlight.size > 0 ? pollWhileAtWork : longestSleep / 2), signal);
  }
  return job as Job<JobData> | undefined;
}

async function rest(ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0) await sleep(ms, undefined, { signal }).catch(() => undefined);
}
