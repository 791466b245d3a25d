import type { Checkpoints } from '@inventory/checkpoints';
import { type ExportRow, readRows } from '@inventory/exports';
import { unknownWorkspaces } from '@inventory/runtime';
import type { TableOptions } from './table-options.ts';

/** What was selected, in portions, and how many rows have gone by so far. */
export interface SelectedRows {
  readonly portions: AsyncIterable<readonly ExportRow[]>;
  count(): number;
}

/**
 * The rows that an export is to hold.
 * @throws UsageError for a workspace that is not known; it lists those that are
 */
export async function selectRows(
  checkpoints: Checkpoints,
  { type, workspace }: Pick<TableOptions, 'type' | 'workspace'>,
): Promise<SelectedRows> {
  if (workspace !== undefined) await assertKnown(checkpoints, workspace);
  let count = 0;
  async function* portions(): AsyncGenerator<readonly ExportRow[]> {
    for await (const rows of readRows(checkpoints)) {
      const wanted = rows.filter(
        (row) =>
          (type === undefined || (row.category ?? 'undecided') === type) &&
          (workspace === undefined || row.workspace_uuid === workspace),
      );
      count += wanted.length;
      yield wanted;
    }
  }
  return { portions: portions(), count: () => count };
}

async function assertKnown({ listing }: Checkpoints, uuid: string): Promise<void> {
  const workspaces = await listing.workspaces();
  if (workspaces.has(uuid)) return;
  const known = [...workspaces].map(([each, { name }]) => ({ uuid: each, name }));
  throw unknownWorkspaces([uuid], known);
}
