import type { CheckpointPlace } from './checkpoint-place.ts';
import { CheckpointScript } from './checkpoint-script.ts';
import { RunLostError } from './errors.ts';
import { evidenceLife } from './evidence-life.ts';
import { keysOf } from './keys.ts';
import { type AuditRecord, auditRecord } from './records.ts';

const takeForAudit = new CheckpointScript(`
local id, life = ARGV[1], tonumber(ARGV[2])
local run = load(runs, id)
if not run then return redis.error_reply('RUNLOST') end

local taken = {}
for index = 3, #ARGV do
  local uuid = ARGV[index]
  local ids = redis.call('HGET', open, uuid)
  local ours = ids and string.find(',' .. ids .. ',', ',' .. id .. ',', 1, true)
  local verdict = load(verdicts, uuid)
  local known = load(audited, uuid)
  local done = known and known.at >= run.startedAt
  if not ours and not done and verdict and verdict.source == 'declared' then
    local answers = not ids and load(evidence, uuid)
    if answers and answers.sessions and answers.sessions.at < clock() - life then redis.call('HDEL', evidence, uuid) end
    redis.call('HDEL', audited, uuid)
    take(uuid, id)
    ours = true
  end
  if ours then taken[#taken + 1] = uuid end
end
return taken
`);

const batch = 500;

/**
 * Has a run wait for what the probes say of tests that their listing declares. Their verdict stays whatever that is;
 * {@link readAudited} tells it. Tests that the run has looked at already, or that are not declared, are left alone.
 * @param run id of the run
 * @returns the tests to enqueue
 * @throws RunLostError when Redis has forgotten the run
 */
export async function auditTests(
  { client, prefix }: CheckpointPlace,
  run: string,
  uuids: readonly string[],
): Promise<string[]> {
  const taken: string[] = [];
  for (let from = 0; from < uuids.length; from += batch) {
    const args = [run, evidenceLife, ...uuids.slice(from, from + batch)];
    const answer = await takeForAudit.run(client, prefix, args).catch((error: unknown) => {
      throw error instanceof Error && error.message.includes('RUNLOST') ? new RunLostError() : error;
    });
    taken.push(...(answer as string[]));
  }
  return taken;
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
