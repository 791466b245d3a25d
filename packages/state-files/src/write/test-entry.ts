import type { InventoryTest, WorkspaceRecord } from '@inventory/checkpoints';
import { testTypeOf } from '@inventory/classification';

/** A test in `utz_tests.json` or `classicut_tests.json`; the order of keys counts. */
export interface TestEntry {
  readonly test_uuid: string;
  readonly workspace_uuid: string;
  readonly workspace_name: string;
  readonly test_type?: string;
}

/** A test as the state files show it. @param test one with a verdict; others are in no list file */
export function testEntry(
  { uuid, listing, verdict }: Pick<InventoryTest, 'uuid' | 'listing' | 'verdict'>,
  workspaces: ReadonlyMap<string, WorkspaceRecord>,
): TestEntry {
  const type = verdict === null ? undefined : testTypeOf(verdict.category);
  return {
    test_uuid: uuid,
    workspace_uuid: listing.workspace,
    workspace_name: workspaces.get(listing.workspace)?.name ?? 'Unknown',
    ...(type === undefined ? {} : { test_type: type }),
  };
}
