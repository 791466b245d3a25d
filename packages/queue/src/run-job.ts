import { type Logger, messageOf } from '@inventory/logger';
import type { Keyspace } from '@inventory/redis';
import { ErrorCode, type Job } from 'bullmq';
import { z } from 'zod';
import { type DelayedJobs, lockDuration } from './delayed-jobs.ts';
import { paceKeys } from './keys.ts';
import { type JobData, jobData, jobDataVersion, jobVersion, retryPriority } from './test-queue.ts';

/** What happens to the job after one activation. */
export type Activation =
  /** The test has its outcome. */
  | { readonly next: 'finish' }
  /** There was nothing to do: the test has its outcome already, or was forgotten. Nothing is kept of the job. */
  | { readonly next: 'drop' }
  /** The next step waits for its turn, in front of all tests that have not been begun. */
  | { readonly next: 'again' }
  /** The same step again after a back-off (ms). */
  | { readonly next: 'later'; readonly delayMs: number };

export interface RunJobOptions {
  readonly keyspace: Keyspace;
  readonly delayed: DelayedJobs;
  readonly logger: Logger;
  /**
   * Does one step of one test, with one request at most. It does not throw.
   * @param grantedAt when BullMQ was asked for the job, epoch ms of this machine
   */
  readonly activate: (testUuid: string, grantedAt: number) => Promise<Activation>;
  /** Called when a job of a newer version of this program turns up. The process is expected to end. */
  readonly onNewerJob: () => void;
}

/** Runs one activation of a job that was granted, and gives the job back, delays or completes it. Never throws. */
export async function runJob(options: RunJobOptions, job: Job<JobData>): Promise<void> {
  const token = job.token ?? '';
  const renewal = setInterval(() => void job.extendLock(token, lockDuration).catch(() => undefined), lockDuration / 2);
  try {
    const activation = await activationOf(options, job);
    if (activation instanceof z.ZodError) await job.moveToFailed(activation, token);
    else if (activation.next === 'drop') await drop(job, token);
    else if (activation.next === 'again') await giveBack(options, job, token);
    else if (activation.next === 'later') await delay(options, job, activation.delayMs);
    else await job.moveToCompleted(undefined, token, false);
  } catch (error) {
    leaveActive(job, error, options.logger);
  } finally {
    clearInterval(renewal);
  }
}

/** @returns what to do with the job; an error where it cannot be read */
async function activationOf(
  { activate, onNewerJob, logger }: RunJobOptions,
  { id, name, data, processedOn = 0 }: Job<JobData>,
): Promise<Activation | z.ZodError> {
  // Only the number was left in a list; BullMQ makes an empty record of it.
  if (name === undefined) {
    logger.warn({ job: id }, 'Redis has lost the record of a job: its test is enqueued again');
    return { next: 'drop' };
  }
  const version = jobDataVersion.safeParse(data);
  if (version.data !== undefined && version.data.v > jobVersion) {
    onNewerJob();
    return { next: 'again' };
  }
  const readable = jobData.safeParse(data);
  if (readable.success) return activate(readable.data.testUuid, processedOn);
  logger.error({ job: id }, 'a job that this program has not written');
  return readable.error;
}

async function drop(job: Job<JobData>, token: string): Promise<void> {
  job.opts.removeOnComplete = true;
  await job.moveToCompleted(undefined, token, false);
}

async function giveBack({ keyspace }: RunJobOptions, job: Job<JobData>, token: string): Promise<void> {
  await job.moveToWait(token);
  // BullMQ wakes no process for a job with a priority that is put back.
  await keyspace.client.zadd(paceKeys(keyspace).marker, 0, '0');
}

async function delay({ delayed }: RunJobOptions, job: Job<JobData>, delayMs: number): Promise<void> {
  await job.changePriority({ priority: retryPriority });
  await delayed.delay(job, job.token ?? '', delayMs);
}

/** BullMQ's words for a job that this process does not have any more. */
const lostCodes: readonly unknown[] = [ErrorCode.JobNotExist, ErrorCode.JobLockNotExist, ErrorCode.JobLockMismatch];

/**
 * A lost lock means that another worker has the job: this one stops silently. Anything else (Redis is full or
 * read-only) must not fail the job either: it stays active, and comes back when its lock has run out.
 */
function leaveActive({ id }: Job<JobData>, error: unknown, logger: Logger): void {
  if (error instanceof Error && 'code' in error && lostCodes.includes(error.code)) return;
  logger.warn(
    { job: id, error: messageOf(error) },
    'a job could not be put back: it comes back when its lock has run out',
  );
}
