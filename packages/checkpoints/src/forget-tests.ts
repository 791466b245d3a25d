import type { CheckpointPlace } from './checkpoint-place.ts';
import { CheckpointScript } from './checkpoint-script.ts';

const forget = new CheckpointScript(`
local forgotten = {}
for _, key in ipairs(ARGV) do
  local place = load(listing, key)
  local waiting = settle(key, 'forgotten')
  uncount(key)
  local removed = redis.call('ZREM', catalogue, key)
  for _, hash in ipairs({ listing, evidence, verdicts, errors, retries, audited, streak, absences }) do
    removed = removed + redis.call('HDEL', hash, key)
  end
  for _, set in ipairs({ provisional, controls }) do redis.call('ZREM', set, key) end
  redis.call('SREM', unconfirmed, key)
  if place then redis.call('HDEL', cursors, place.workspace) end
  if waiting or removed > 0 then
    changed()
    forgotten[#forgotten + 1] = key
    forgotten[#forgotten + 1] = waiting and 'open' or 'settled'
  end
end
return forgotten
`);

const batch = 200;

/** A test that was forgotten. */
export interface Forgotten {
  readonly key: string;
  /** Whether runs waited for it: then it has a job, which has nothing to do any more. */
  readonly wasOpen: boolean;
}

/**
 * Removes all that is written down about tests, as if they had never been listed. Runs that wait for them wait no
 * longer; an answer that comes later for one of them is ignored, as for any test that is not open. A listing that was
 * interrupted in their workspace begins anew, so that the next run finds them.
 * @param keys test UUIDs, or `workspace:UUID` for the error of a listing; what is not known is left out
 */
export async function forgetTests({ client, prefix }: CheckpointPlace, keys: readonly string[]): Promise<Forgotten[]> {
  const forgotten: Forgotten[] = [];
  for (let from = 0; from < keys.length; from += batch) {
    const flat = (await forget.run(client, prefix, keys.slice(from, from + batch))) as string[];
    for (let index = 0; index < flat.length; index += 2) {
      forgotten.push({ key: flat[index] ?? '', wasOpen: flat[index + 1] === 'open' });
    }
  }
  return forgotten;
}
