import { type Checkpoints, scanErrors } from '@inventory/checkpoints';
import { type ExportRow, exportRowSchema, readRows } from '@inventory/exports';
import type { RowStore } from '../rows/row-store.ts';
import { RowCompactor } from './row-compactor.ts';
import type { Scanned, ShortError } from './test-index.ts';

const fields = exportRowSchema.keyof().options;

/**
 * Reads the whole of the checkpoints in portions and compares it with the rows that are known. Only what differs is
 * kept, so a scan of a library that stands still takes no memory.
 */
export async function scanTests(checkpoints: Checkpoints, known: RowStore): Promise<Scanned> {
  const workspaces = await checkpoints.listing.workspaces();
  const open = new Set<string>();
  for await (const uuids of checkpoints.inventory.open()) for (const uuid of uuids) open.add(uuid);
  const errors = new Map<string, ShortError>();
  for await (const portion of scanErrors(checkpoints)) {
    for (const [key, { type, error, at }] of portion) errors.set(key, { type, error, at });
  }
  const compactor = new RowCompactor();
  const put: ExportRow[] = [];
  const found = new Set<string>();
  for await (const rows of readRows(checkpoints)) {
    for (const row of rows) {
      const before = known.get(row.test_uuid);
      found.add(before?.test_uuid ?? row.test_uuid);
      if (before === undefined || !sameRow(before, row)) put.push(compactor.compact(row));
    }
  }
  const remove = Array.from(known.all(), ({ test_uuid }) => test_uuid).filter((uuid) => !found.has(uuid));
  return { put, remove, errors, open, workspaces };
}

function sameRow(a: ExportRow, b: ExportRow): boolean {
  return fields.every((field) => a[field] === b[field]);
}
