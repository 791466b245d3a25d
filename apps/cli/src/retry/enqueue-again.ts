import { retryTests } from '@inventory/checkpoints';
import type { Home } from '@inventory/process';
import { Pace, TestQueue } from '@inventory/queue';

/** Under this name a run of retries is found again. */
const selection = 'retry';

/**
 * Enqueues tests that ended in errors, as a run of their own.
 * @returns those that were enqueued: another process may have been faster
 * @throws RunLostError when Redis was emptied meanwhile
 */
export async function enqueueAgain(
  { checkpoints, client, settings }: Home,
  uuids: readonly string[],
): Promise<string[]> {
  if (uuids.length === 0) return [];
  const { queuePrefix: prefix, requestIntervalMs } = settings;
  const queue = new TestQueue(client, prefix, new Pace(client, prefix, requestIntervalMs));
  try {
    const run = await checkpoints.runs.start(selection);
    const taken = await retryTests(checkpoints, run.id, uuids);
    await queue.enqueue(taken.map((uuid) => ({ uuid, why: 'new' })));
    await checkpoints.runs.markListed(run.id);
    return taken;
  } finally {
    await queue.close();
  }
}
