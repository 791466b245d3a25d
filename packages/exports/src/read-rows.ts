import type { Checkpoints } from '@inventory/checkpoints';
import { type ExportRow, exportRow } from './export-row.ts';

/** The whole inventory as rows, in the order of test UUIDs and in portions, so that memory does not grow with it. */
export async function* readRows({ listing, inventory }: Checkpoints): AsyncGenerator<readonly ExportRow[]> {
  const workspaces = await listing.workspaces();
  for await (const page of inventory.pages()) yield page.map((test) => exportRow(test, workspaces));
}
