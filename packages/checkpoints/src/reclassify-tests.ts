import type { RuleSetName, Verdict } from '@inventory/classification';
import type { CheckpointPlace } from './checkpoint-place.ts';
import { CheckpointScript } from './checkpoint-script.ts';
import { RulesChangedError, throwRunLost } from './errors.ts';
import type { NewVerdict } from './outcome.ts';

const reclassify = new CheckpointScript(`
local by, id = ARGV[1], ARGV[2]
if not inForce(by) then return redis.error_reply('RULESCHANGED') end
if id ~= '' and not load(runs, id) then return redis.error_reply('RUNLOST') end

local done = {}
local function say(uuid, what)
  done[#done + 1] = uuid
  done[#done + 1] = what
end

for _, test in ipairs(cjson.decode(ARGV[3])) do
  local ids = redis.call('HGET', open, test.uuid)
  local before = load(verdicts, test.uuid)
  local same = before and before.rule == test.before.rule and before.at == test.before.at
  if ids then
    if id ~= '' and string.find(',' .. ids .. ',', ',' .. id .. ',', 1, true) then say(test.uuid, 'taken') end
  elseif same and test.verdict then
    decide(test.uuid, test.verdict, before.category == test.verdict.category)
    say(test.uuid, 'changed')
  elseif same and id ~= '' then
    local known = load(evidence, test.uuid)
    if known and stale(test.uuid, known, clock()) then redis.call('HDEL', evidence, test.uuid) end
    take(test.uuid, id)
    say(test.uuid, 'taken')
  end
end
return done
`);

const batch = 200;

/** A decided test as it was judged by a set of rules. */
export interface JudgedTest {
  readonly uuid: string;
  /** The verdict that it had then; when it has another one by now, it is left alone. */
  readonly before: Pick<Verdict, 'rule' | 'at'>;
  /** What the rules say; null when they lack an answer. */
  readonly verdict: NewVerdict | null;
}

/** UUIDs of tests, by what became of them. */
export interface Reclassified {
  readonly changed: readonly string[];
  /** Have to be enqueued: they are open now, and keep their verdict until they have a new one. */
  readonly taken: readonly string[];
}

/**
 * Gives tests the verdict of the rules that are in force, and has a run wait for those that lack an answer; their
 * answers that are too old are dropped. Tests that are open, or were decided otherwise meanwhile, are
 * left alone, so that the same call twice changes nothing.
 * @param run id of the run that waits for tests without a verdict; null when there are none
 * @throws RulesChangedError when other rules are in force by now; RunLostError when Redis has forgotten the run
 */
export async function reclassifyTests(
  { client, prefix }: CheckpointPlace,
  { rules, run }: { readonly rules: RuleSetName; readonly run: string | null },
  tests: readonly JudgedTest[],
): Promise<Reclassified> {
  const of = { changed: [] as string[], taken: [] as string[] };
  for (let from = 0; from < tests.length; from += batch) {
    const judged = tests.slice(from, from + batch).map(({ uuid, before: { rule, at }, verdict }) => ({
      uuid,
      before: { rule, at },
      ...(verdict !== null && { verdict }),
    }));
    const args = [rules, run ?? '', JSON.stringify(judged)];
    const flat = (await reclassify.run(client, prefix, args).catch(explain)) as string[];
    for (let index = 0; index < flat.length; index += 2) {
      of[flat[index + 1] === 'changed' ? 'changed' : 'taken'].push(flat[index] ?? '');
    }
  }
  return of;
}

function explain(error: unknown): never {
  const message = error instanceof Error ? error.message : '';
  if (message.includes('RULESCHANGED')) throw new RulesChangedError();
  throwRunLost(error);
}
