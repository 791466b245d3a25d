import type { TestRecord } from '@inventory/checkpoints';

/** What can be done with tests that were asked for again. */
export interface SortedTests {
  /** Ended in an error, and can be enqueued. */
  readonly failed: readonly string[];
  /** In the queue already. */
  readonly waiting: readonly string[];
  /** No error is recorded. */
  readonly withoutError: readonly string[];
  /** An error taken over from a state file, of a test that no listing has shown yet. */
  readonly unlisted: readonly string[];
}

/** Sorts tests, which come in portions, by what `retry` can do with them. */
export async function sortErrors(
  portions: AsyncIterable<readonly TestRecord[]> | Iterable<readonly TestRecord[]>,
): Promise<SortedTests> {
  const of: Record<keyof SortedTests, string[]> = { failed: [], waiting: [], withoutError: [], unlisted: [] };
  for await (const records of portions) for (const record of records) of[kindOf(record)].push(record.uuid);
  return of;
}

function kindOf({ listing, error, open }: TestRecord): keyof SortedTests {
  if (open) return 'waiting';
  // A test that was looked at again may have both: the error is from that look.
  if (error === null) return 'withoutError';
  return listing === null ? 'unlisted' : 'failed';
}
