import { errorTypes, type InventoryTest, type WorkspaceRecord } from '@inventory/checkpoints';
import { categories, certainties, platformOf } from '@inventory/classification';
import { z } from 'zod';
import { isListed } from './is-listed.ts';
import { utcTime } from './utc-time.ts';
import { wellFormed } from './well-formed.ts';

/** One test as a row, for every export and for the HTTP API. Times are ISO 8601 in UTC; what is not known is null. */
export const exportRowSchema = z.object({
  testUuid: z.string(),
  title: z.string().nullable(),
  workspaceUuid: z.string(),
  workspaceName: z.string(),
  orderedAt: z.string().nullable(),
  platform: z.enum(['UTZ', 'ClassicUT']).nullable(),
  /** The category; null while undecided. */
  type: z.enum(categories).nullable(),
  source: z.enum(['probed', 'declared', 'imported']).nullable(),
  /** Name of the rule that decided. */
  rule: z.string().nullable(),
  decidedAt: z.string().nullable(),
  /** Type of the error in which the test's last look ended, if it did. */
  error: z.enum(errorTypes).nullable(),
  /** False when the newest complete listing of its workspace no longer has it. */
  listed: z.boolean(),
  /** How sure the type is; null while undecided. */
  certainty: z.enum(certainties).nullable(),
});
export type ExportRow = z.output<typeof exportRowSchema>;

/** The row of a test. @param workspaces all workspaces ever listed, by UUID (`listing.workspaces()`) */
export function exportRow(test: InventoryTest, workspaces: ReadonlyMap<string, WorkspaceRecord>): ExportRow {
  const { uuid, listing, verdict, certainty, error } = test;
  const workspace = workspaces.get(listing.workspace);
  return {
    testUuid: uuid,
    title: wellFormed(listing.title) ?? null,
    workspaceUuid: listing.workspace,
    workspaceName: wellFormed(workspace?.name) ?? 'Unknown',
    orderedAt: utcTime(listing.orderedAt),
    platform: verdict === null ? null : platformOf(verdict.category),
    type: verdict?.category ?? null,
    source: verdict?.source ?? null,
    rule: verdict?.rule ?? null,
    decidedAt: verdict === null ? null : new Date(verdict.at).toISOString(),
    error: error?.type ?? null,
    listed: isListed(listing, workspace),
    certainty,
  };
}
