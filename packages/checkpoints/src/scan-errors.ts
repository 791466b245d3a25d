import type { CheckpointPlace } from './checkpoint-place.ts';
import { keysOf } from './keys.ts';
import { type ErrorRecord, errorRecord } from './records.ts';
import { scanHash } from './scan-hash.ts';

/**
 * All errors by their keys (test UUIDs and `workspace:UUID`) in portions, so that memory does not grow with their
 * number; in no order, and one that is recorded meanwhile may come twice or not at all.
 */
export async function* scanErrors({
  client,
  prefix,
}: CheckpointPlace): AsyncGenerator<readonly (readonly [key: string, error: ErrorRecord])[]> {
  for await (const portion of scanHash(client, keysOf(prefix).errors)) {
    yield portion.map(([key, text]) => [key, errorRecord.parse(JSON.parse(text))] as const);
  }
}
