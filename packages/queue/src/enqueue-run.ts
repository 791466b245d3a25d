import type { Runs, StartedRun } from '@inventory/checkpoints';
import type { Enqueued, TestQueue } from './test-queue.ts';

export interface EnqueueRunOptions {
  readonly runs: Runs;
  readonly queue: TestQueue;
  /** Name of the run; an interrupted run of the same name is continued. */
  readonly selection: string;
  readonly why: Enqueued['why'];
  /** Makes the run wait for its tests. @returns those that need a job */
  readonly select: (run: string) => Promise<readonly string[]>;
}

/** A run whose tests are all in the queue. */
export interface EnqueuedRun {
  readonly run: StartedRun;
  readonly uuids: readonly string[];
}

/**
 * Starts or continues a run of tests that are known already, and enqueues them. Interrupted anywhere, the same call does
 * the rest.
 * @throws RunLostError when Redis has forgotten the run
 */
export async function enqueueRun({ runs, queue, selection, why, select }: EnqueueRunOptions): Promise<EnqueuedRun> {
  const run = await runs.start(selection);
  const uuids = await select(run.id);
  await queue.enqueue(uuids.map((uuid) => ({ uuid, why })));
  await runs.markListed(run.id);
  return { run, uuids };
}
