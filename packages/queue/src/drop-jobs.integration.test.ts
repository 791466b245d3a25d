import { expect, it } from 'vitest';
import { openTestQueue } from '../../../test/support/open-test-queue.ts';
import { until } from '../../../test/support/until.ts';
import { dropJobs } from './drop-jobs.ts';

it('takes the jobs of tests out of the queue, and they can be enqueued again', async () => {
  await using bench = await openTestQueue(0);
  const { queue } = bench;
  await queue.enqueue(['a', 'b', 'c'].map((uuid) => ({ uuid, why: 'new' as const })));
  await dropJobs(queue, ['a', 'c', 'unknown']);
  expect((await queue.counts()).waiting).toBe(1);
  await queue.enqueue([{ uuid: 'a', why: 'new' }]);
  expect((await queue.counts()).waiting).toBe(2);
});

it('leaves a job alone that a worker has in hand', async () => {
  await using bench = await openTestQueue(0);
  const { queue, slots } = bench;
  let finish = (): void => undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  slots({
    activate: async () => {
      await finished;
      return { next: 'finish' };
    },
  });
  await queue.enqueue([{ uuid: 'a', why: 'new' }]);
  await until('the job is in hand', async () => (await queue.counts()).active === 1);
  await dropJobs(queue, ['a']);
  expect((await queue.counts()).active).toBe(1);
  finish();
  await until('the job is done', async () => (await queue.counts()).active === 0);
});
