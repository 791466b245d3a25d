import type { CheckpointPlace } from './checkpoint-place.ts';
import { CheckpointScript } from './checkpoint-script.ts';
import { takeTests } from './take-tests.ts';

const retry = new CheckpointScript(`
local id = ARGV[1]
if not load(runs, id) then return redis.error_reply('RUNLOST') end

local function dropEvidence(uuid, recheck)
  local known = load(evidence, uuid)
  if known and (recheck or stale(uuid, known, clock())) then redis.call('HDEL', evidence, uuid) end
end

local taken = {}
for index = 2, #ARGV do
  local uuid = ARGV[index]
  local ids = redis.call('HGET', open, uuid)
  local ours = ids and string.find(',' .. ids .. ',', ',' .. id .. ',', 1, true)
  local verdict = load(verdicts, uuid)
  local failed = redis.call('HEXISTS', errors, uuid) == 1 and redis.call('HEXISTS', listing, uuid) == 1
  if ours then
    taken[#taken + 1] = uuid
  elseif failed and not ids then
    dropEvidence(uuid, verdict and verdict.category == 'no sessions')
    take(uuid, id)
    taken[#taken + 1] = uuid
  end
end
return taken
`);

/**
 * Has a run wait for tests that ended in an error, so that they can be enqueued again. Tests without an error, never
 * listed, or that another run waits for already are left alone. The error stays until an outcome replaces it.
 * @param run id of the run
 * @returns the tests to enqueue
 * @throws RunLostError when Redis has forgotten the run.
 */
export function retryTests(place: CheckpointPlace, run: string, uuids: readonly string[]): Promise<string[]> {
  return takeTests(retry, place, run, uuids);
}
