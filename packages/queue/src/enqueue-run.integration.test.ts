import { afterEach, beforeEach, expect, it } from 'vitest';
import { type OpenedTestQueue, openTestQueue } from '../../../test/support/open-test-queue.ts';
import { enqueueRun } from './enqueue-run.ts';

let bench: OpenedTestQueue;
beforeEach(async () => {
  bench = await openTestQueue(0);
});
afterEach(() => bench[Symbol.asyncDispose]());

const waiting = async () => (await bench.queue.counts()).waiting;

it('a run of known tests has a job for each, and waits for them', async () => {
  const { runs } = bench.checkpoints;
  const select = async (): Promise<string[]> => {
    expect(await waiting()).toBe(0);
    return ['a', 'b'];
  };
  const { run, uuids } = await enqueueRun({ runs, queue: bench.queue, selection: 'retry', why: 'recheck', select });
  expect(uuids).toEqual(['a', 'b']);
  expect(await waiting()).toBe(2);
  expect(await runs.read(run.id)).toMatchObject({ selection: 'retry', listed: true });
});

it('a run that was interrupted is continued by the same call', async () => {
  const { runs } = bench.checkpoints;
  const options = { runs, queue: bench.queue, selection: 'retry', why: 'new' } as const;
  const dies = enqueueRun({ ...options, select: () => Promise.reject(new Error('died')) });
  await expect(dies).rejects.toThrow('died');
  const { run } = await enqueueRun({ ...options, select: async () => ['a'] });
  expect(run.resumed).toBe(true);
  expect(await waiting()).toBe(1);
});
