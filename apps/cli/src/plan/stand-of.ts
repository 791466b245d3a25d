import type { TestRecord } from '@inventory/checkpoints';
import type { Verdict } from '@inventory/classification';

/** Where a test stands before a run: what the run would do with it follows from this. */
export type Stand = 'new' | 'interrupted' | 'recheck' | 'error' | 'done';

/** What the checkpoints, or the state files of a lost Redis, know of a test. */
export type Known = Pick<TestRecord, 'verdict' | 'certainty' | 'evidence' | 'open'> & { readonly failed: boolean };

/** When a run would come by. */
export interface Moment {
  /** When the interrupted run that would go on was started (epoch ms); null when a new one begins. */
  readonly runStartedAt: number | null;
  /** Redis' clock, epoch ms. */
  readonly now: number;
}

/**
 * Where a test stands. Of the tests without sessions only those are looked at again whose verdict is from before the
 * run; of the provisional verdicts those whose time has come.
 */
export function standOf({ verdict, failed, open }: Known, { runStartedAt, now }: Moment): Stand {
  if (open) return 'interrupted';
  if (verdict !== null && !isDueAgain(verdict, { runStartedAt, now })) return 'done';
  if (failed) return 'error';
  return verdict === null ? 'new' : 'recheck';
}

function isDueAgain({ category, at, provisionalUntil }: Verdict, { runStartedAt, now }: Moment): boolean {
  if (provisionalUntil !== undefined) return provisionalUntil <= now;
  return category === 'no sessions' && (runStartedAt === null || at < runStartedAt);
}
