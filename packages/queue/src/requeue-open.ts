import type { Inventory } from '@inventory/checkpoints';
import type { TestQueue } from './test-queue.ts';

/**
 * Enqueues open tests again when the queue has nothing to do: their jobs were lost between a checkpoint and
 * the queue. While there are jobs it does nothing.
 * @returns how many tests were found waiting without a job
 */
export async function requeueOpen(inventory: Inventory, queue: TestQueue): Promise<number> {
  const { waiting, active, delayed } = await queue.counts();
  if (waiting + active + delayed > 0) return 0;
  let found = 0;
  for await (const uuids of inventory.open()) {
    await queue.dropOrphans(uuids);
    await queue.enqueue(uuids.map((uuid) => ({ uuid, why: 'new' })));
    found += uuids.length;
  }
  return found;
}
