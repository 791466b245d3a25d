import type { ListingRecord, TestRecord, WorkspaceRecord } from '@inventory/checkpoints';
import { exportRow } from '@inventory/exports';
import { certaintySays } from './certainty.ts';
import { knownAnswers, offersOf, ruleSays } from './evidence.ts';
import { isoTime } from './words.ts';

/** One test with the evidence for its verdict, for machines: without the session's id and the body of an error. */
export function testDetail(
  record: TestRecord,
  listing: ListingRecord,
  workspaces: ReadonlyMap<string, WorkspaceRecord>,
) {
  const { uuid, verdict, certainty, error, evidence, open } = record;
  return {
    ...exportRow({ uuid, listing, verdict, certainty, error }, workspaces),
    declared: { type: listing.type ?? null, product_type: listing.productType ?? null },
    because: verdict === null ? null : ruleSays(verdict),
    certainty_because: certaintySays(certainty),
    provisional_until: isoTime(verdict?.provisionalUntil),
    answers: knownAnswers(evidence),
    error: error && {
      type: error.type,
      status: error.status,
      error: error.error,
      attempts: error.attempts,
      at: isoTime(error.at),
    },
    queued: open,
    offers: offersOf(record),
  };
}
