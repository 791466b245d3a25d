import type { RedisClient } from '@inventory/redis';
import { CheckpointScript } from './checkpoint-script.ts';
import { throwRunLost } from './errors.ts';
import { keysOf } from './keys.ts';
import { scanHash } from './scan-hash.ts';

const next = new CheckpointScript(`
local asker, held, lease = ARGV[1], ARGV[2] == '1', tonumber(ARGV[3])
local asked = redis.call('HMGET', question, 'by', 'at')
local since = clock() - tonumber(asked[2] or 0)
if asked[1] and asked[1] ~= asker and since >= 0 and since < lease then return { 'asked' } end

local candidates = {}
local function consider(from, to)
  for _, uuid in ipairs(redis.call('ZREVRANGEBYSCORE', controls, from, to)) do
    if held or redis.call('HEXISTS', question, 'skip:' .. uuid) == 0 then candidates[#candidates + 1] = uuid end
  end
end
consider('+inf', held and '(0' or 0)
-- only a test that answered 200 once can end a hold; one answers for all, so they take turns
if held then consider('(-1', '-inf') end
if #candidates == 0 then return { 'none' } end
local turn = held and redis.call('HINCRBY', question, 'turn', 1) or 1
redis.call('HSET', question, 'by', asker, 'at', string.format('%.0f', clock()))
return { 'ask', candidates[(turn - 1) % #candidates + 1] }
`);

const known = new CheckpointScript(`
heardOf(ARGV[1])
if redis.call('EXISTS', distrusted) == 1 then redis.call('SET', distrusted, string.format('%.0f', clock())) end
return 1
`);

/** Within this time every answer that was under way is here, ms. */
const answersUnderWay = 60_000;

/** What follows from a control that did not answer 200. */
const judgeQuestion = `
-- has the runs that waited for a test wait again; those that are over leave it to the runs of the asker
local function reopen(uuid, ids, category, ours)
  local waiting = {}
  for id in string.gmatch(ids, '[^,]+') do
    local run = load(runs, id)
    if run and not run.finishedAt then
      local left = (run.outcomes[category] or 0) - 1
      run.outcomes[category] = left > 0 and left or nil
      run.open = run.open + 1
      save(runs, id, run)
      waiting[#waiting + 1] = id
    end
  end
  if #waiting > 0 then redis.call('HSET', open, uuid, table.concat(waiting, ',')) end
  for id in string.gmatch(ours, '[^,]+') do if load(runs, id) then take(uuid, id) end end
end

-- takes back what was absent since the API last answered 200, and the verdicts that rest on it: their tests are open
-- again, for the runs that waited for them or for that of the test in whose place the control was asked
local function takeBack(asker)
  local back, ours = {}, redis.call('HGET', open, asker) or ''
  for _, noted in ipairs({ streak, absences }) do
    local all = redis.call('HGETALL', noted)
    for index = 1, #all, 2 do
      local uuid, ids = all[index], all[index + 1]
      local verdict, isOpen = load(verdicts, uuid), redis.call('HEXISTS', open, uuid) == 1
      if noted == streak then redis.call('HDEL', evidence, uuid) else dropAbsence(uuid) end
      if verdict and verdict.source == 'probed' and not isOpen then
        uncount(uuid)
        redis.call('HDEL', verdicts, uuid)
        redis.call('SREM', unconfirmed, uuid)
        redis.call('ZREM', provisional, uuid)
        reopen(uuid, ids, verdict.category, ours)
        back[#back + 1] = uuid
      end
    end
  end
  redis.call('DEL', streak, absences)
  -- also what is permitted before everybody knows; not for ever, should the circuit be lost
  redis.call('SET', distrusted, string.format('%.0f', clock() + ${answersUnderWay}))
  if #back > 0 then changed() end
  return back
end

local function judge(asker, absent, knew, knownAt)
  if knew >= 2 then
    local back = takeBack(asker)
    redis.call('DEL', question)
    return { 'hold', knownAt, back }
  end
  local left = 0
  for _, uuid in ipairs(redis.call('ZRANGEBYSCORE', controls, 0, '+inf')) do
    left = left + 1 - redis.call('HEXISTS', question, 'skip:' .. uuid)
  end
  if left > 0 and absent < 2 then return { 'another', knownAt } end
  local doubted = redis.call('HKEYS', streak)
  unconfirm(doubted)
  redis.call('DEL', streak, question)
  return { 'doubt', knownAt, doubted }
end

local function answers()
  local found = redis.call('HMGET', question, 'absent', 'knew', 'knownAt')
  return tonumber(found[1] or 0), tonumber(found[2] or 0), found[3] or '0'
end
`;

const unknown = new CheckpointScript(`${judgeQuestion}
local uuid, asker, held = ARGV[1], ARGV[2], ARGV[3] == '1'
redis.call('HDEL', question, 'by', 'at')
local score = redis.call('ZSCORE', controls, uuid)
if held or not score or tonumber(score) < 0 then return { 'held', '0' } end
if tonumber(score) > 0 then
  redis.call('HINCRBY', question, 'knew', 1)
  redis.call('HSET', question, 'knownAt', score)
end
redis.call('ZADD', controls, tonumber(score) > 0 and -tonumber(score) or -1, uuid)
redis.call('HINCRBY', question, 'absent', 1)
return judge(asker, answers())
`);

const unusable = new CheckpointScript(`${judgeQuestion}
local uuid, asker, held = ARGV[1], ARGV[2], ARGV[3] == '1'
redis.call('HDEL', question, 'by', 'at')
if held then return { 'held', '0' } end
redis.call('HSET', question, 'skip:' .. uuid, 1)
return judge(asker, answers())
`);

const failed = new CheckpointScript(`
redis.call('HDEL', question, 'by', 'at')
return redis.call('HINCRBY', question, 'tries:' .. ARGV[1], 1)
`);

const seed = new CheckpointScript(`
for _, uuid in ipairs(ARGV) do redis.call('ZADD', controls, 'NX', string.format('%.0f', clock()), uuid) end
redis.call('HSET', question, 'seeded', 1)
return 1
`);

/** So many unconfirmed tests are asked once more: if the API knows one of them by now, the others are worth asking. */
const askedAgain = 3;

const takeUnconfirmed = new CheckpointScript(`
local id = ARGV[1]
if not load(runs, id) then return redis.error_reply('RUNLOST') end
if redis.call('EXISTS', unconfirmed) == 0 or redis.call('EXISTS', reasked) == 1 then return {} end
local taken = {}
for _, uuid in ipairs(redis.call('SRANDMEMBER', unconfirmed, ${askedAgain})) do
  if redis.call('HEXISTS', open, uuid) == 0 then
    redis.call('HDEL', evidence, uuid)
    take(uuid, id)
    taken[#taken + 1] = uuid
  end
end
redis.call('SET', reasked, 1)
return taken
`);

/** Which control to ask; `asked`: another process does it now, `none`: there is none. */
export type ControlQuestion =
  | { readonly kind: 'ask'; readonly uuid: string }
  | { readonly kind: 'asked' }
  | { readonly kind: 'none' };

/** What follows from a control that did not answer 200. */
export interface ControlJudgement {
  /**
   * `another`: one test may have been deleted, the next control is asked. `hold`: two tests that answered 200 once are
   * unknown; the streak's verdicts were taken back and nobody may go on. `held`: that stays so. `doubt`: nothing
   * confirms the streak's verdicts; they are marked.
   */
  readonly kind: 'another' | 'hold' | 'held' | 'doubt';
  /** When the API knew the last of the controls that answered 404, epoch ms of Redis' clock; 0 = never. */
  readonly knownAt: number;
  /** For `hold` the tests that are open again, for `doubt` those that are marked. */
  readonly uuids: readonly string[];
}

/** A control that was asked in the place of a test. */
export interface AskedControl {
  readonly uuid: string;
  /** The open test in whose place it was asked. */
  readonly asker: string;
  /** Whether the queue is held until a control answers 200. */
  readonly held: boolean;
}

/**
 * Control questions: whether the Results API still knows tests that it should know, asked when it answers 404 to many
 * tests in a row (docs/decisions/0009-only-the-apis-word.md).
 */
export class Controls {
  readonly #client: RedisClient;
  readonly #prefix: string;

  constructor(client: RedisClient, prefix: string) {
    this.#client = client;
    this.#prefix = prefix;
  }

  /**
   * The control to ask next: the one that answered 200 last, else one that is only declared or imported.
   * @param leaseMs how long nobody else asks, unless the answer comes before
   */
  async next({ asker, held, leaseMs }: Omit<AskedControl, 'uuid'> & { leaseMs: number }): Promise<ControlQuestion> {
    const answer = await next.run(this.#client, this.#prefix, [asker, held ? 1 : 0, leaseMs]);
    const [kind, uuid = ''] = answer as [ControlQuestion['kind'], string?];
    return kind === 'ask' ? { kind, uuid } : { kind };
  }

  /** Notes that a control answered 200: the API knows tests, so what it answered before counts. */
  async known(uuid: string): Promise<void> {
    await known.run(this.#client, this.#prefix, [uuid]);
  }

  /** Notes that a control answered 404, which ends its being one. */
  unknown(control: AskedControl): Promise<ControlJudgement> {
    return this.#judge(unknown, control);
  }

  /** Notes that a control cannot be asked in this round: it gets no answer, or is refused. */
  unusable(control: AskedControl): Promise<ControlJudgement> {
    return this.#judge(unusable, control);
  }

  async #judge(script: CheckpointScript, { uuid, asker, held }: AskedControl): Promise<ControlJudgement> {
    const answer = await script.run(this.#client, this.#prefix, [uuid, asker, held ? 1 : 0]);
    const [kind, knownAt, uuids = []] = answer as [ControlJudgement['kind'], string, string[]?];
    return { kind, knownAt: Number(knownAt), uuids };
  }

  /** Notes that a control got no answer. @returns how often in this round */
  async failed(uuid: string): Promise<number> {
    return Number(await failed.run(this.#client, this.#prefix, [uuid]));
  }

  /** Finds controls, once, in checkpoints from before there were any: a test whose evidence says that it answered 200. */
  async seed(): Promise<void> {
    const { controls, question, evidence } = keysOf(this.#prefix);
    const [exist, seeded] = await Promise.all([
      this.#client.zcount(controls, '(0', '+inf'),
      this.#client.hexists(question, 'seeded'),
    ]);
    if (exist > 0 || seeded === 1) return;
    await seed.run(this.#client, this.#prefix, await firstPresent(this.#client, evidence));
  }

  /** How many unconfirmed tests the next run will ask once more. */
  async toAskAgain(): Promise<number> {
    const { unconfirmed, reasked } = keysOf(this.#prefix);
    const [count, done] = await Promise.all([this.#client.scard(unconfirmed), this.#client.exists(reasked)]);
    return done === 1 ? 0 : Math.min(count, askedAgain);
  }

  /**
   * Has a run ask three of the unconfirmed tests once more; no more than that, ever.
   * @returns the tests to enqueue
   * @throws RunLostError when Redis has forgotten the run
   */
  async takeUnconfirmed(run: string): Promise<string[]> {
    return (await takeUnconfirmed.run(this.#client, this.#prefix, [run]).catch(throwRunLost)) as string[];
  }
}

async function firstPresent(client: RedisClient, evidence: string): Promise<string[]> {
  for await (const portion of scanHash(client, evidence)) {
    const found = portion.filter(([, text]) => /"sessions":\{[^}]*"outcome":"present"/.test(text));
    if (found.length > 0) return found.slice(0, 2).map(([uuid]) => uuid);
  }
  return [];
}
