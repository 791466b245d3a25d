import type { ListingRecord, TestRecord, WorkspaceRecord } from '@inventory/checkpoints';
import { exportRow } from '@inventory/exports';
import { certaintySays, isoTime, knownAnswers, ruleSays } from '@inventory/status';
import { offersOf } from './offers-of.ts';
import type { TestDetail } from './test-schema.ts';

/** One test for the API. Neither the session's id nor the body of an error is told. */
export function testDetail(
  record: TestRecord,
  listing: ListingRecord,
  workspaces: ReadonlyMap<string, WorkspaceRecord>,
): TestDetail {
  const { uuid, verdict, certainty, error, evidence, open } = record;
  return {
    ...exportRow({ uuid, listing, verdict, certainty, error }, workspaces),
    declared: { type: listing.type ?? null, productType: listing.productType ?? null },
    because: verdict === null ? null : ruleSays(verdict),
    certaintyBecause: certaintySays(certainty),
    provisionalUntil: isoTime(verdict?.provisionalUntil),
    answers: knownAnswers(evidence),
    error: error && {
      type: error.type,
      status: error.status,
      error: error.error,
      attempts: error.attempts,
      at: new Date(error.at).toISOString(),
    },
    queued: open,
    offers: offersOf(evidence, verdict?.category ?? null),
  };
}
