import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Logger, messageOf } from '@inventory/logger';
import type { Keyspace } from '@inventory/redis';
import { type Job, Queue, WaitingError, Worker } from 'bullmq';
import { CronExpressionParser } from 'cron-parser';
import { z } from 'zod';

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

const scheduleRecord = z.object({
  selection: z.string(),
  pattern: z.string(),
  timeZone: z.string(),
  nextAt: z.number(),
  seenAt: z.number(),
});

/** A schedule. Times are epoch ms of Redis' clock. */
export interface Schedule extends Omit<z.output<typeof scheduleRecord>, 'nextAt'> {
  /** When it ticks next; null when the processes that kept it are gone without having been stopped. */
  readonly nextAt: number | null;
}

/** Processes that keep a schedule say so every 30 seconds, ms. */
const goneAfter = 90_000;
/** A schedule without a process is forgotten after this time, ms. */
const forgottenAfter = 24 * 3_600_000;

/** The schedules that are kept, or were until a process died. @param now epoch ms of Redis' clock */
export async function readSchedules({ client, prefix }: Keyspace, now: number): Promise<Schedule[]> {
  const texts = await client.hvals(schedulesKey(prefix));
  return texts
    .map((text) => scheduleRecord.parse(JSON.parse(text)))
    .filter(({ seenAt }) => now - seenAt < forgottenAfter)
    .map((schedule) => ({ ...schedule, nextAt: now - schedule.seenAt < goneAfter ? schedule.nextAt : null }));
}

/** Hash: name of a schedule's queue → which schedule it is, when it ticks next, and when a process last said so. */
function schedulesKey(prefix: string): string {
  return `${prefix}:schedules`;
}
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
  const look = () => restoreTicks(queue, options).then(() => nextTick(queue, options));
  const timer = setInterval(() => void look().catch(() => undefined), lookEveryMs);
  if (!signal.aborted) await once(signal, 'abort');
  clearInterval(timer);
  const forgotten = keyspace.client.hdel(schedulesKey(keyspace.prefix), name).catch(() => undefined);
  const closed = Promise.all([forgotten, worker.close()]).then(() => queue.close());
  await Promise.race([closed, sleep(patience, undefined, { ref: false })]);
}

/** Replaces the stored schedule, whose next tick may be long over. */
async function setTicks(queue: Queue, options: KeepScheduleOptions): Promise<void> {
  const { selection, pattern, timeZone } = options;
  await queue.setGlobalConcurrency(1);
  const kept = { count: 20 };
  await queue.upsertJobScheduler(
    schedulerId,
    { pattern, tz: timeZone },
    { name: 'run', data: { selection }, opts: { removeOnComplete: kept, removeOnFail: kept, stackTraceLimit: 0 } },
  );
  await sayNext(queue, options);
}

/** A Redis that was emptied knows of no tick any more. */
async function restoreTicks(queue: Queue, options: KeepScheduleOptions): Promise<void> {
  const counts = await queue.getJobCounts('waiting', 'active', 'delayed');
  if (Object.values(counts).some((count) => count > 0)) return;
  options.logger.warn('Redis has lost the schedule: it is set again');
  await setTicks(queue, options);
}

/** Runs one tick. When the process is stopped during it, the tick goes back to the queue: its run is not complete. */
async function runTick(options: KeepScheduleOptions, queue: Queue, job: Job, token = ''): Promise<void> {
  const { run, signal } = options;
  let cutOff = false;
  try {
    await run();
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    cutOff = signal.aborted;
    if (!cutOff) await sayNext(queue, options);
  }
  if (!cutOff) return;
  await job.moveToWait(token);
  throw new WaitingError();
}

async function sayNext(queue: Queue, options: KeepScheduleOptions): Promise<void> {
  const next = await nextTick(queue, options);
  if (next !== null) options.onNext(next);
}

/** Notes for others that this schedule is kept. @returns when it ticks next, epoch ms; null when Redis has lost it */
async function nextTick(queue: Queue, { keyspace, ...options }: KeepScheduleOptions): Promise<number | null> {
  const { client, prefix } = keyspace;
  const [scheduler, [time]] = await Promise.all([queue.getJobScheduler(schedulerId), client.time()]);
  if (!scheduler?.next) return null;
  // Another process may have changed the schedule since.
  const { pattern = options.pattern, tz: timeZone = options.timeZone } = scheduler;
  const record = {
    selection: options.selection,
    pattern,
    timeZone,
    nextAt: scheduler.next,
    seenAt: Number(time) * 1000,
  };
  await client.hset(schedulesKey(prefix), queue.name, JSON.stringify(record));
  return scheduler.next;
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
