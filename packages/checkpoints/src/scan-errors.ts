import type { CheckpointPlace } from './checkpoint-place.ts';
import { keysOf } from './keys.ts';
import { type ErrorRecord, errorRecord } from './records.ts';

/**
 * All errors by their keys (test UUIDs and `workspace:UUID`) in portions, so that memory does not grow with their
 * number; in no order, and one that is recorded meanwhile may come twice or not at all.
 */
export async function* scanErrors({
  client,
  prefix,
}: CheckpointPlace): AsyncGenerator<readonly (readonly [key: string, error: ErrorRecord])[]> {
  let cursor = '0';
  do {
    const [next, flat] = await client.hscan(keysOf(prefix).errors, cursor, 'COUNT', 200);
    cursor = next;
    yield flat.flatMap((key, index) => {
      const text = flat[index + 1];
      return index % 2 === 0 && text !== undefined ? [[key, errorRecord.parse(JSON.parse(text))] as const] : [];
    });
  } while (cursor !== '0');
}
