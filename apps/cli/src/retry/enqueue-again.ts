import { enqueueRun, OpenTests } from '@inventory/queue';
import { openQueue, type Runtime } from '@inventory/runtime';

/** Under this name a run of retries is found again. */
const selection = 'retry';

/**
 * Enqueues tests that ended in errors, as a run of their own.
 * @returns those that were enqueued: another process may have been faster
 * @throws RunLostError when Redis was emptied meanwhile
 */
export async function enqueueAgain(runtime: Runtime, uuids: readonly string[]): Promise<readonly string[]> {
  if (uuids.length === 0) return [];
  const { runs, known } = runtime.checkpoints;
  const { queue } = openQueue(runtime);
  const select = (run: string) => known.retry(run, uuids);
  const enqueued = enqueueRun({ runs, queue, selection, why: 'new', select });
  return (await enqueued.finally(() => queue.close())).uuids;
}

/** Enqueues those of the tests that wait for an outcome and have no job. @returns them */
export async function enqueueLost(runtime: Runtime, uuids: readonly string[]): Promise<string[]> {
  const { queue } = openQueue(runtime);
  return new OpenTests(runtime.checkpoints.inventory, queue).requeueSome(uuids).finally(() => queue.close());
}
