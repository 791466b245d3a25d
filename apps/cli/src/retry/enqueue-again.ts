import { OpenTests, Pace, TestQueue } from '@inventory/queue';
import type { Runtime } from '@inventory/runtime';

/** Under this name a run of retries is found again. */
const selection = 'retry';

/**
 * Enqueues tests that ended in errors, as a run of their own.
 * @returns those that were enqueued: another process may have been faster
 * @throws RunLostError when Redis was emptied meanwhile
 */
export async function enqueueAgain(
  { checkpoints, client, settings }: Runtime,
  uuids: readonly string[],
): Promise<string[]> {
  if (uuids.length === 0) return [];
  const queue = openQueue(client, settings);
  try {
    const run = await checkpoints.runs.start(selection);
    const taken = await checkpoints.known.retry(run.id, uuids);
    await queue.enqueue(taken.map((uuid) => ({ uuid, why: 'new' })));
    await checkpoints.runs.markListed(run.id);
    return taken;
  } finally {
    await queue.close();
  }
}

/** Enqueues those of the tests that wait for an outcome and have no job. @returns them */
export async function enqueueLost(
  { checkpoints, client, settings }: Runtime,
  uuids: readonly string[],
): Promise<string[]> {
  const queue = openQueue(client, settings);
  try {
    return await new OpenTests(checkpoints.inventory, queue).requeueSome(uuids);
  } finally {
    await queue.close();
  }
}

function openQueue(
  client: Runtime['client'],
  { queuePrefix: prefix, requestIntervalMs }: Runtime['settings'],
): TestQueue {
  return new TestQueue(client, prefix, new Pace(client, prefix, requestIntervalMs));
}
