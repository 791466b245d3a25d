import type { TestRecord, WorkspaceRecord } from '@inventory/checkpoints';
import { platformOf, testTypeOf } from '@inventory/classification';
import { endpointNames } from './endpoint-names.ts';
import { ruleSays } from './rule-says.ts';

/** Why a test is what it is, for machines; times are ISO 8601 in UTC. */
export function explainJson(record: TestRecord, workspace: WorkspaceRecord | null): object {
  const { uuid, listing, verdict, evidence, error, open } = record;
  const iso = (at: number): string => new Date(at).toISOString();
  return {
    test_uuid: uuid,
    title: listing?.title ?? null,
    workspace_uuid: listing?.workspace ?? null,
    workspace_name: workspace?.name ?? null,
    orderedAt: listing?.orderedAt ?? null,
    declared: { type: listing?.type ?? null, productType: listing?.productType ?? null },
    verdict: verdict && {
      ...verdict,
      platform: platformOf(verdict.category),
      test_type: testTypeOf(verdict.category) ?? null,
      at: iso(verdict.at),
      because: ruleSays(verdict),
    },
    answers: Object.entries(evidence).flatMap(([probe, answer]) =>
      answer === undefined
        ? []
        : [
            {
              endpoint: endpointNames[probe as keyof typeof endpointNames],
              status: answer.outcome === 'present' ? 200 : 404,
              ...(answer.sessionId === undefined ? {} : { hasSessions: answer.sessionId !== null }),
              at: iso(answer.at),
            },
          ],
    ),
    error: error && { ...error, at: iso(error.at) },
    queued: open,
  };
}
