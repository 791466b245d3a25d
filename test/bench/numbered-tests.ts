import { randomUUID } from 'node:crypto';
import type { Checkpoints } from '@inventory/checkpoints';
import type { Answer, ProbeName } from '@inventory/classification';
import type { TestQueue } from '@inventory/queue';
import { largeUuid } from '../support/list-large-library.ts';
import { timed } from './measure.ts';

/** As many tests as a page of the API has. */
const pageSize = 50;
const sideBySide = 200;
const verdict = { category: 'survey', rule: 'no-other-data', source: 'probed' } as const;

/** Lists tests page by page as the producer does, none of which is decided by that, and enqueues them. @returns ms */
export async function enqueueTests(checkpoints: Checkpoints, queue: TestQueue, tests: number): Promise<number> {
  const { runs, listing } = checkpoints;
  const { id: run, joinedAt } = await runs.start('bench');
  const place = { run, joinedAt, workspace: 'bench', position: 0, probe: true };
  return timed(async () => {
    for (let from = 0; from < tests; from += pageSize) {
      const page = Array.from({ length: Math.min(pageSize, tests - from) }, (_, index) => testOf(from + index));
      await queue.enqueue(await listing.savePage({ ...place, tests: page }));
    }
  });
}

/** Gives enqueued tests the answers of a survey, which takes all four probes. */
export async function probeTests({ test }: Checkpoints, tests: number): Promise<void> {
  const answers: readonly (readonly [ProbeName, Omit<Answer, 'at'>])[] = [
    ['sessions', { outcome: 'present', sessionId: randomUUID() }],
    ['video', { outcome: 'absent' }],
    ['qx', { outcome: 'absent' }],
    ['transcript', { outcome: 'absent' }],
  ];
  for (let from = 0; from < tests; from += sideBySide) {
    const uuids = Array.from({ length: Math.min(sideBySide, tests - from) }, (_, index) => largeUuid(from + index));
    for (const [probe, answer] of answers) {
      const last = probe === 'transcript' ? verdict : null;
      await Promise.all(uuids.map((uuid) => test.noteAnswer(uuid, { probe, answer, verdict: last })));
    }
  }
}

function testOf(number: number) {
  const listing = { title: `Checkout prototype, round ${number}`, orderedAt: '2026-02-13T12:07:33Z' };
  return { uuid: largeUuid(number), listing, declared: null };
}
