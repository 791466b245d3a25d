import type { ExportRow } from '@inventory/exports';

/** A row of the inventory about which no more is known than these facts. */
export function undecidedRow(facts: Partial<ExportRow>): ExportRow {
  return {
    test_uuid: 'u',
    title: null,
    workspace_uuid: 'w',
    workspace_name: 'W',
    ordered_at: null,
    platform: null,
    test_type: null,
    category: null,
    source: null,
    rule: null,
    classified_at: null,
    error: null,
    listed: true,
    certainty: null,
    ...facts,
  };
}
