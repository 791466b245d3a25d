import type { ExportRow } from './export-row.ts';

/** The columns of CSV and NDJSON, in their order, and the field of the row that each shows. */
export const columns = [
  { key: 'testUuid', header: 'test_uuid' },
  { key: 'title', header: 'title' },
  { key: 'workspaceUuid', header: 'workspace_uuid' },
  { key: 'workspaceName', header: 'workspace_name' },
  { key: 'orderedAt', header: 'ordered_at' },
  { key: 'platform', header: 'platform' },
  { key: 'type', header: 'type' },
  { key: 'source', header: 'source' },
  { key: 'rule', header: 'rule' },
  { key: 'decidedAt', header: 'decided_at' },
  { key: 'error', header: 'error' },
  { key: 'listed', header: 'listed' },
  { key: 'certainty', header: 'certainty' },
] as const satisfies readonly { readonly key: keyof ExportRow; readonly header: string }[];
