import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';

/** The queue for Bull Board: to be looked at, not touched. A failed job shows its reason, not where in the program it was. */
export class QueueView extends BullMQAdapter {
  override async getJob(id: string) {
    const job = await super.getJob(id);
    if (job) job.stacktrace = [];
    return job;
  }

  override async getJobs(...args: Parameters<BullMQAdapter['getJobs']>) {
    const jobs = await super.getJobs(...args);
    for (const job of jobs) job.stacktrace = [];
    return jobs;
  }
}
