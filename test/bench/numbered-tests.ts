import { randomUUID } from 'node:crypto';
import type { Checkpoints } from '@inventory/checkpoints';
import type { TestQueue } from '@inventory/queue';
import { largeUuid } from '../support/list-large-library.ts';
import { timed } from './measure.ts';

/** The answers of a survey, which takes all four probes. */
const answers = [
  ['sessions', { outcome: 'present', sessionId: randomUUID() }],
  ['video', { outcome: 'absent' }],
  ['qx', { outcome: 'absent' }],
  ['transcript', { outcome: 'absent' }],
] as const;
const survey = { category: 'survey', rule: 'no-other-data', source: 'probed' } as const;

/** Lists tests page by page as the producer does, none of which is decided by that, and enqueues them. @returns ms */
export async function enqueueTests(checkpoints: Checkpoints, queue: TestQueue, tests: number): Promise<number> {
  const { runs, listing } = checkpoints;
  const { id: run, joinedAt } = await runs.start('bench');
  const place = { run, joinedAt, workspace: 'bench', position: 0, probe: true };
  const test = (uuid: string) => {
    const title = `Checkout prototype, round ${Number(uuid.slice(-12))}`;
    return { uuid, listing: { title, orderedAt: '2026-02-13T12:07:33Z' }, declared: null };
  };
  // As many as a page of the API has.
  const save = async (uuids: string[]) => queue.enqueue(await listing.savePage({ ...place, tests: uuids.map(test) }));
  return timed(() => inPortions(tests, 50, save));
}

/** Gives enqueued tests the answers of a survey. */
export function probeTests({ test }: Checkpoints, tests: number): Promise<void> {
  return inPortions(tests, 200, async (uuids) => {
    for (const [probe, answer] of answers) {
      const verdict = probe === 'transcript' ? survey : null;
      await Promise.all(uuids.map((uuid) => test.noteAnswer(uuid, { probe, answer, verdict })));
    }
  });
}

async function inPortions(tests: number, size: number, work: (uuids: string[]) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < tests; from += size)
    await work(Array.from({ length: Math.min(size, tests - from) }, (_, index) => largeUuid(from + index)));
}
