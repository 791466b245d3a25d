import type { CheckpointPlace } from './checkpoint-place.ts';
import { CheckpointScript } from './checkpoint-script.ts';
import { keysOf } from './keys.ts';
import { type AuditRecord, auditRecord } from './records.ts';
import { takeTests } from './take-tests.ts';

const takeForAudit = new CheckpointScript(`
local id = ARGV[1]
local run = load(runs, id)
if not run then return redis.error_reply('RUNLOST') end

local taken = {}
for index = 2, #ARGV do
  local uuid = ARGV[index]
  local ids = redis.call('HGET', open, uuid)
  local ours = ids and string.find(',' .. ids .. ',', ',' .. id .. ',', 1, true)
  local verdict = load(verdicts, uuid)
  local known = load(audited, uuid)
  local done = known and since(known.at, run.startedAt)
  if not ours and not done and verdict and verdict.source == 'declared' then
    local answers = not ids and load(evidence, uuid)
    if answers and stale(uuid, answers, clock()) then redis.call('HDEL', evidence, uuid) end
    redis.call('HDEL', audited, uuid)
    take(uuid, id)
    ours = true
  end
  if ours then taken[#taken + 1] = uuid end
end
return taken
`);

/**
 * Has a run wait for what the probes say of tests that their listing declares. Their verdict stays whatever that is;
 * {@link readAudited} tells it. Tests that the run has looked at already, or that are not declared, are left alone.
 * @param run id of the run
 * @returns the tests to enqueue
 * @throws RunLostError when Redis has forgotten the run
 */
export function auditTests(place: CheckpointPlace, run: string, uuids: readonly string[]): Promise<string[]> {
  return takeTests(takeForAudit, place, run, uuids);
}

/** What the latest audit's probes said of tests, in their order; null for one that no audit has looked at. */
export async function readAudited(
  { client, prefix }: CheckpointPlace,
  uuids: readonly string[],
): Promise<(AuditRecord | null)[]> {
  if (uuids.length === 0) return [];
  const texts = await client.hmget(keysOf(prefix).audited, ...uuids);
  return texts.map((text) => (text === null ? null : auditRecord.parse(JSON.parse(text))));
}
