import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Logger, messageOf } from '@inventory/logger';
import type { Keyspace } from '@inventory/redis';
import { type Job, Queue, WaitingError, Worker } from 'bullmq';
import { CronExpressionParser } from 'cron-parser';

export interface KeepScheduleOptions {
  readonly keyspace: Keyspace;
  /** What is run. Processes that keep the schedule of the same selection share it: each tick is run once. */
  readonly selection: string;
  /** A cron expression in which {@link cronProblem} finds nothing wrong. */
  readonly pattern: string;
  /** IANA name, for example `Europe/Berlin`. */
  readonly timeZone: string;
  /** Does one run. What it rejects with is recorded with the tick; the schedule continues. */
  readonly run: () => Promise<void>;
  /** Called at the start and after each run with the time of the next tick, epoch ms. */
  readonly onNext: (at: number) => void;
  readonly logger: Logger;
  /** Ends it; a run in progress is expected to end by the same signal. */
  readonly signal: AbortSignal;
  /** How often the schedule is checked to be in Redis, ms; 30,000 unless said otherwise. */
  readonly lookEveryMs?: number;
}

const schedulerId = 'run';
/** How long a tick stays with a process that has stopped responding, ms. */
const lockDuration = 10_000;
/** How long the end waits for a Redis that is away, ms. */
const patience = 10_000;

/**
 * Keeps a schedule until the signal. The latest start decides when it ticks. One tick is run at a time, by one of the
 * processes that keep the schedule; a tick that comes during a run is run after it, once. A run that is cut off goes
 * to another process, or continues at the next start. Missed ticks are not made up for.
 */
export async function keepSchedule(options: KeepScheduleOptions): Promise<void> {
  const { keyspace, selection, logger, signal, lookEveryMs = 30_000 } = options;
  const name = scheduleQueueName(selection);
  const place = { connection: keyspace.client, prefix: keyspace.prefix };
  const queue = new Queue(name, place);
  queue.on('error', () => undefined);
  await setTicks(queue, options);
  const worker = new Worker(name, (job, token) => runTick(options, queue, job, token), {
    ...place,
    lockDuration,
    stalledInterval: lockDuration / 2,
    maxStalledCount: 1_000_000,
  });
  worker.on('error', (error) => logger.debug({ error: error.message }, 'schedule connection'));
  const timer = setInterval(() => void restoreTicks(queue, options).catch(() => undefined), lookEveryMs);
  if (!signal.aborted) await once(signal, 'abort');
  clearInterval(timer);
  const closed = worker.close().then(() => queue.close());
  await Promise.race([closed, sleep(patience, undefined, { ref: false })]);
}

/** Replaces the stored schedule, whose next tick may be long over. */
async function setTicks(queue: Queue, { selection, pattern, timeZone, onNext }: KeepScheduleOptions): Promise<void> {
  await queue.setGlobalConcurrency(1);
  const kept = { count: 20 };
  await queue.upsertJobScheduler(
    schedulerId,
    { pattern, tz: timeZone },
    { name: 'run', data: { selection }, opts: { removeOnComplete: kept, removeOnFail: kept, stackTraceLimit: 0 } },
  );
  await sayNext(queue, onNext);
}

/** A Redis that was emptied knows of no tick any more. */
async function restoreTicks(queue: Queue, options: KeepScheduleOptions): Promise<void> {
  const counts = await queue.getJobCounts('waiting', 'active', 'delayed');
  if (Object.values(counts).some((count) => count > 0)) return;
  options.logger.warn('Redis has lost the schedule: it is set again');
  await setTicks(queue, options);
}

/** Runs one tick. When the process is stopped during it, the tick goes back to the queue: its run is not complete. */
async function runTick(
  { run, onNext, signal }: KeepScheduleOptions,
  queue: Queue,
  job: Job,
  token = '',
): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    if (!signal.aborted) await sayNext(queue, onNext);
  }
  if (!signal.aborted) return;
  await job.moveToWait(token);
  throw new WaitingError();
}

async function sayNext(queue: Queue, onNext: KeepScheduleOptions['onNext']): Promise<void> {
  const scheduler = await queue.getJobScheduler(schedulerId);
  if (scheduler?.next) onNext(scheduler.next);
}

/**
 * Name of the queue that holds the schedule of one selection of workspaces; none of them is the queue of tests, so a
 * scheduled run costs no turn of the limit.
 * @param selection `all`, or what names the chosen workspaces; of any length
 */
function scheduleQueueName(selection: string): string {
  if (selection === 'all') return 'schedule';
  return `schedule-${createHash('sha256').update(selection).digest('hex').slice(0, 12)}`;
}

/**
 * What is wrong with a cron expression, or null: five fields (minute to day of the week), six with seconds in front, or
 * a name such as `@daily`; and there must be such a time at all.
 */
export function cronProblem(pattern: string): string | null {
  const fields = pattern.trim().split(/\s+/);
  const named = fields.length === 1 && pattern.startsWith('@');
  // cron-parser would fill in missing fields: "2" would mean every hour.
  if (!named && fields.length !== 5 && fields.length !== 6) return `it has ${fields.length} of 5 fields`;
  try {
    CronExpressionParser.parse(pattern).next();
    return null;
  } catch (error) {
    return messageOf(error);
  }
}
