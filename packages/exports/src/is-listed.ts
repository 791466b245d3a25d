import type { ListingRecord, WorkspaceRecord } from '@inventory/checkpoints';

/**
 * Whether the newest complete listing of a test's workspace had the test. True where there was no such listing: nothing
 * says that the test has gone.
 */
export function isListed({ run }: Pick<ListingRecord, 'run'>, workspace: WorkspaceRecord | undefined): boolean {
  // A run's id is the time of its start, or a little more; imported records have none, which reads as 0.
  return Number(run) >= (workspace?.listedAt ?? 0);
}
