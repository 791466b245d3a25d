import type { Checkpoints } from '@inventory/checkpoints';
import type { TestQueue } from '@inventory/queue';

/** As many tests as a page of the API has. */
const pageSize = 50;

/** UUID of a numbered test. */
export function enqueuedUuid(number: number): string {
  // Multiplied by a large odd number, counted numbers look like drawn ones and stay different.
  const start = ((number * 2_654_435_761) % 2 ** 32).toString(16).padStart(8, '0');
  return `${start}-0000-4000-9000-${String(number).padStart(12, '0')}`;
}

/** Lists tests page by page as the producer does, none of which is decided by that, and enqueues them. @returns ms */
export async function enqueueTests(checkpoints: Checkpoints, queue: TestQueue, tests: number): Promise<number> {
  const { runs, listing } = checkpoints;
  const { id: run, joinedAt } = await runs.start('bench');
  const place = { run, joinedAt, workspace: 'bench', position: 0, probe: true };
  const startedAt = performance.now();
  for (let from = 0; from < tests; from += pageSize) {
    const page = Array.from({ length: Math.min(pageSize, tests - from) }, (_, index) => testOf(from + index));
    await queue.enqueue(await listing.savePage({ ...place, tests: page }));
  }
  return performance.now() - startedAt;
}

function testOf(number: number) {
  const listing = { title: `Checkout prototype, round ${number}`, orderedAt: '2026-02-13T12:07:33Z' };
  return { uuid: enqueuedUuid(number), listing, declared: null };
}
