import type { Logger } from '@inventory/logger';
import type { RedisClient } from '@inventory/redis';
import { DelayedError, type Job, WaitingError, Worker } from 'bullmq';
import { type JobData, jobData, jobDataVersion, jobVersion } from './job-data.ts';
import { queueName } from './queue-keys.ts';
import { retryPriority } from './test-queue.ts';

/** What becomes of the job after one activation. */
export type Activation =
  /** The test has its outcome. */
  | { readonly next: 'finish' }
  /** The next step waits for its turn, in front of all tests that have not been begun. */
  | { readonly next: 'again' }
  /** The same step once more after a back-off (ms). */
  | { readonly next: 'later'; readonly delayMs: number };

export interface SlotsOptions {
  readonly client: RedisClient;
  readonly prefix: string;
  /** Requests that may be in flight at once. */
  readonly slots: number;
  readonly logger: Logger;
  /**
   * Does one step of one test, with one request at most. It does not throw.
   * @param grantedAt when BullMQ was asked for the job, epoch ms of this machine
   */
  readonly activate: (testUuid: string, grantedAt: number) => Promise<Activation>;
  /** Called when a job of a newer version of this program turns up. The process is expected to end. */
  readonly onNewerJob: () => void;
}

/** Slots at work. `close` lets the requests in flight end and gives their jobs back. */
export interface Slots {
  close(): Promise<void>;
}

/**
 * Starts the slots of one worker process. Each is a BullMQ worker of concurrency 1, because with more than
 * one job a worker starts granted jobs late and breaks the spacing (measured, docs/decisions).
 */
export function startSlots(options: SlotsOptions): Slots {
  const workers = Array.from({ length: options.slots }, () => startSlot(options));
  return {
    async close() {
      await Promise.all(workers.map((worker) => worker.close()));
    },
  };
}

function startSlot({ client, prefix, logger, activate, onNewerJob }: SlotsOptions): Worker<JobData> {
  const worker = new Worker<JobData>(
    queueName,
    async (job, token = '') => {
      if (jobDataVersion.parse(job.data).v > jobVersion) {
        onNewerJob();
        return giveBack(job, token, logger);
      }
      const { testUuid } = jobData.parse(job.data);
      const activation = await activate(testUuid, job.processedOn ?? 0);
      if (activation.next === 'again') return giveBack(job, token, logger);
      if (activation.next === 'later') return delay(job, token, activation.delayMs, logger);
    },
    {
      connection: client,
      prefix,
      concurrency: 1,
      drainDelay: 1,
      // A slot that is closed while it begins to wait for the limiter sits this out (BullMQ's default: 30 s).
      maximumRateLimitDelay: 1_000,
      lockDuration: 10_000,
      stalledInterval: 5_000,
      maxStalledCount: 1_000_000,
    },
  );
  worker.on('error', (error) => logger.debug({ error: error.message }, 'queue connection'));
  worker.on('failed', (job, error) => logger.error({ job: job?.id, error: error.message }, 'a job failed'));
  return worker;
}

async function giveBack(job: Job<JobData>, token: string, logger: Logger): Promise<never> {
  await job.moveToWait(token).catch((error: unknown) => leaveActive(job, error, logger));
  throw new WaitingError();
}

async function delay(job: Job<JobData>, token: string, delayMs: number, logger: Logger): Promise<never> {
  try {
    await job.changePriority({ priority: retryPriority });
    await job.moveToDelayed(Date.now() + delayMs, token);
  } catch (error) {
    leaveActive(job, error, logger);
  }
  throw new DelayedError();
}

/**
 * A lost lock means that another worker has the job: this one stops without a word. Anything else (Redis is
 * full or read-only) must not fail the job either: it stays active, and comes back when its lock has run out.
 */
function leaveActive({ id }: Job<JobData>, error: unknown, logger: Logger): void {
  const message = error instanceof Error ? error.message : String(error);
  if (/lock|Missing key/i.test(message)) return;
  logger.warn({ job: id, error: message }, 'a job could not be put back: it comes back when its lock has run out');
}
