import { type Certainty, certaintyOf, type Evidence, type Verdict } from '@inventory/classification';
import type { CheckpointPlace } from './checkpoint-place.ts';
import { keysOf } from './keys.ts';
import {
  type ErrorRecord,
  errorRecord,
  evidenceRecord,
  type ListingRecord,
  listingRecord,
  verdictRecord,
} from './records.ts';

/** Everything that is written down about one test; all empty for one that was never seen. */
export interface TestRecord {
  readonly uuid: string;
  readonly listing: ListingRecord | null;
  readonly verdict: Verdict | null;
  /** How sure the verdict is; null without one. */
  readonly certainty: Certainty | null;
  readonly error: ErrorRecord | null;
  readonly evidence: Evidence;
  /** Whether what was absent right after a session's end has been asked for once more: then it counts. */
  readonly askedAgain: boolean;
  /** Whether a run waits for its outcome. */
  readonly open: boolean;
}

/** Reads tests by their UUIDs, in that order; one round trip. */
export async function readTestRecords(
  { client, prefix }: CheckpointPlace,
  uuids: readonly string[],
): Promise<TestRecord[]> {
  if (uuids.length === 0) return [];
  const keys = keysOf(prefix);
  const hashes = [keys.listing, keys.verdicts, keys.errors, keys.evidence, keys.open];
  const [unconfirmed, [listings, verdicts, errors, evidence, open]] = await Promise.all([
    client.smismember(keys.unconfirmed, ...uuids),
    Promise.all(hashes.map((key) => client.hmget(key, ...uuids))),
  ]);
  return uuids.map((uuid, index) => {
    const verdict = parsed(verdicts?.[index], verdictRecord.parse);
    return {
      uuid,
      listing: parsed(listings?.[index], listingRecord.parse),
      verdict,
      certainty: verdict && certaintyOf(verdict, unconfirmed[index] === 1),
      error: parsed(errors?.[index], errorRecord.parse),
      ...answersOf(evidence?.[index]),
      open: typeof open?.[index] === 'string',
    };
  });
}

function parsed<Result>(text: string | null | undefined, parse: (value: unknown) => Result): Result | null {
  return text ? parse(JSON.parse(text)) : null;
}

function answersOf(text: string | null | undefined): Pick<TestRecord, 'evidence' | 'askedAgain'> {
  const { again, ...answers } = evidenceRecord.parse(text ? JSON.parse(text) : {});
  // Zod gives missing answers as `undefined`; here they are just missing, which reads the same.
  return { evidence: answers as Evidence, askedAgain: again !== undefined };
}
