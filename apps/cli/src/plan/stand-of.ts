import type { TestRecord } from '@inventory/checkpoints';

/** Where a test stands before a run: what the run would do with it follows from this. */
export type Stand = 'new' | 'interrupted' | 'recheck' | 'error' | 'done';

/** What the checkpoints, or the state files of a lost Redis, know of a test. */
export type Known = Pick<TestRecord, 'verdict' | 'evidence' | 'open'> & { readonly failed: boolean };

/**
 * Where a test stands. Of the tests without sessions only those are looked at again whose verdict is from before the
 * run.
 * @param runStartedAt when the interrupted run that would go on was started (epoch ms); null when a new one begins
 */
export function standOf({ verdict, failed, open }: Known, runStartedAt: number | null): Stand {
  if (open) return 'interrupted';
  if (verdict !== null && verdict.category !== 'no sessions') return 'done';
  if (verdict !== null && runStartedAt !== null && verdict.at >= runStartedAt) return 'done';
  if (failed) return 'error';
  return verdict === null ? 'new' : 'recheck';
}
