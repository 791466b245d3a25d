import type { TestRecord, WorkspaceRecord } from '@inventory/checkpoints';
import { platformOf, testTypeOf } from '@inventory/classification';
import { isoTime, knownAnswers, ruleSays } from '@inventory/status';

/** Why a test is what it is, for machines; times are ISO 8601 in UTC. */
export function explainJson(record: TestRecord, workspace: WorkspaceRecord | null): object {
  const { uuid, listing, verdict, certainty, evidence, error, open } = record;
  const iso = (at: number): string => new Date(at).toISOString();
  return {
    test_uuid: uuid,
    title: listing?.title ?? null,
    workspace_uuid: listing?.workspace ?? null,
    workspace_name: workspace?.name ?? null,
    ordered_at: listing?.orderedAt ?? null,
    declared: { type: listing?.type ?? null, product_type: listing?.productType ?? null },
    verdict: verdict && {
      category: verdict.category,
      rule: verdict.rule,
      source: verdict.source,
      platform: platformOf(verdict.category),
      test_type: testTypeOf(verdict.category) ?? null,
      at: iso(verdict.at),
      because: ruleSays(verdict),
    },
    certainty,
    provisional_until: isoTime(verdict?.provisionalUntil),
    answers: knownAnswers(evidence),
    error: error && { ...error, at: iso(error.at) },
    queued: open,
  };
}
