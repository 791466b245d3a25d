import type { TestQueue } from './test-queue.ts';

const batch = 200;

/**
 * Takes the jobs of tests out of the queue, so that they use no turn of the limit. A job that a worker has in hand
 * stays: the worker finds that there is nothing to do.
 */
export async function dropJobs({ bull }: TestQueue, uuids: readonly string[]): Promise<void> {
  for (let from = 0; from < uuids.length; from += batch) {
    await Promise.all(
      uuids.slice(from, from + batch).map(async (uuid) => {
        const job = await bull.getDeduplicationJobId(uuid);
        if (job) await bull.remove(job);
      }),
    );
  }
}
