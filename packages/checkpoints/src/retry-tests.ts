import type { CheckpointPlace } from './checkpoint-place.ts';
import { CheckpointScript } from './checkpoint-script.ts';
import { RunLostError } from './errors.ts';
import { evidenceLife } from './evidence-life.ts';

const retry = new CheckpointScript(`
local id, life = ARGV[1], tonumber(ARGV[2])
if not load(runs, id) then return redis.error_reply('RUNLOST') end

local function dropEvidence(uuid, recheck)
  local known = load(evidence, uuid)
  local stale = known and known.sessions and known.sessions.at < clock() - life
  if recheck or stale then redis.call('HDEL', evidence, uuid) end
end

local taken = {}
for index = 3, #ARGV do
  local uuid = ARGV[index]
  local ids = redis.call('HGET', open, uuid)
  local ours = ids and string.find(',' .. ids .. ',', ',' .. id .. ',', 1, true)
  local verdict = load(verdicts, uuid)
  local undecided = not verdict or verdict.category == 'no sessions'
  local failed = redis.call('HEXISTS', errors, uuid) == 1 and redis.call('HEXISTS', listing, uuid) == 1
  if ours then
    taken[#taken + 1] = uuid
  elseif failed and undecided and not ids then
    dropEvidence(uuid, verdict)
    take(uuid, id)
    taken[#taken + 1] = uuid
  end
end
return taken
`);

const batch = 500;

/**
 * Has a run wait for tests that ended in an error, so that they can be enqueued again. Tests without an error, never
 * listed, or that another run waits for already are left alone. The error stays until an outcome replaces it.
 * @param run id of the run
 * @returns the tests to enqueue
 * @throws RunLostError when Redis has forgotten the run.
 */
export async function retryTests(
  { client, prefix }: CheckpointPlace,
  run: string,
  uuids: readonly string[],
): Promise<string[]> {
  const taken: string[] = [];
  for (let from = 0; from < uuids.length; from += batch) {
    const args = [run, evidenceLife, ...uuids.slice(from, from + batch)];
    const answer = await retry.run(client, prefix, args).catch((error: unknown) => {
      throw error instanceof Error && error.message.includes('RUNLOST') ? new RunLostError() : error;
    });
    taken.push(...(answer as string[]));
  }
  return taken;
}
