import type { RedisClient } from '@inventory/redis';
import { CheckpointScript } from './checkpoint-script.ts';
import { throwRunLost } from './errors.ts';
import { keysOf } from './keys.ts';
import { scanHash } from './scan-hash.ts';

const next = new CheckpointScript(`
local asker, why, lease = ARGV[1], ARGV[2], tonumber(ARGV[3])
local asked = redis.call('HMGET', question, 'by', 'at')
local passed = clock() - tonumber(asked[2] or 0)
if asked[1] and asked[1] ~= asker and passed >= 0 and passed < lease then return { 'asked' } end

local candidates = {}
local function consider(from, to)
  for _, uuid in ipairs(redis.call('ZREVRANGEBYSCORE', controls, from, to)) do
    if why ~= 'streak' or redis.call('HEXISTS', question, 'skip:' .. uuid) == 0 then candidates[#candidates + 1] = uuid end
  end
end
consider('+inf', why == 'hold' and '(0' or 0)
-- only a test that answered 200 once can end a hold; where none is left, any test that does
if why == 'hold' then
  consider('(-1', '-inf')
  if #candidates == 0 then candidates = { asker } end
end
if #candidates == 0 then return { 'none' } end
-- one answers for all, so they take turns
local turn = why == 'streak' and 1 or redis.call('HINCRBY', question, 'turn', 1)
redis.call('HSET', question, 'by', asker, 'at', string.format('%.0f', clock()))
return { 'ask', candidates[(turn - 1) % #candidates + 1] }
`);

/** So long after a hold answers may still be under way, ms. */
const underWay = 3_600_000;

const known = new CheckpointScript(`
heardOf(ARGV[1], tonumber(ARGV[2]))
if heldFor() then
  redis.call('HSET', hold, 'over', string.format('%.0f', clock()))
  redis.call('PEXPIRE', hold, ${underWay})
end
return 1
`);

/** So many controls of a round may get no answer. */
const mostSkipped = 5;

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
  -- what was doubted before is as doubtful
  for _, uuid in ipairs(redis.call('SMEMBERS', unconfirmed)) do redis.call('HSETNX', streak, uuid, '') end
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
  if #back > 0 then changed() end
  return back
end

local function judge(asker, asked, knew, knownAt)
  if knew >= 2 then
    redis.call('DEL', hold)
    redis.call('HSET', hold, 'since', string.format('%.0f', clock()), 'knownAt', knownAt)
    local back = takeBack(asker)
    redis.call('DEL', question)
    return { 'hold', knownAt, back }
  end
  local usable = redis.call('ZRANGEBYSCORE', controls, 0, '+inf')
  local skipped = 0
  for _, uuid in ipairs(usable) do skipped = skipped + redis.call('HEXISTS', question, 'skip:' .. uuid) end
  -- no answer is no 404, so it is not one of the two
  if skipped < #usable and asked < 2 and skipped < ${mostSkipped} then return { 'another', knownAt } end
  local doubted = redis.call('HKEYS', streak)
  unconfirm(doubted)
  redis.call('DEL', streak, question)
  return { 'doubt', knownAt, doubted }
end

local function answers()
  local found = redis.call('HMGET', question, 'asked', 'knew', 'knownAt')
  return tonumber(found[1] or 0), tonumber(found[2] or 0), found[3] or '0'
end
`;

const unknown = new CheckpointScript(`${judgeQuestion}
local uuid, asker = ARGV[1], ARGV[2]
redis.call('HDEL', question, 'by', 'at')
local score = tonumber(redis.call('ZSCORE', controls, uuid) or -1)
if heldFor() or score < 0 then return { 'held', heldFor() or '0' } end
if score > 0 then
  redis.call('HINCRBY', question, 'knew', 1)
  redis.call('HSET', question, 'knownAt', string.format('%.0f', score))
end
redis.call('ZADD', controls, score > 0 and -score or -1, uuid)
redis.call('HINCRBY', question, 'asked', 1)
return judge(asker, answers())
`);

const unusable = new CheckpointScript(`${judgeQuestion}
local uuid, asker = ARGV[1], ARGV[2]
redis.call('HDEL', question, 'by', 'at')
if heldFor() then return { 'held', heldFor() } end
redis.call('HSET', question, 'skip:' .. uuid, 1)
return judge(asker, answers())
`);

const failed = new CheckpointScript(`
redis.call('HDEL', question, 'by', 'at')
return redis.call('HINCRBY', question, 'tries:' .. ARGV[1], 1)
`);

const seed = new CheckpointScript(`
for _, uuid in ipairs(ARGV) do redis.call('ZADD', controls, 'NX', string.format('%.0f', clock()), uuid) end
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
   * unknown; the streak's verdicts were taken back and nobody may go on. `held`: nothing new. `doubt`: nothing
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
}

/**
 * Why a control is asked: for a `streak` of ClassicUT verdicts, for the end of a `hold`, or because in an `outage` all
 * open tests have failed.
 */
export type ControlReason = 'streak' | 'hold' | 'outage';

/** A question to a control that is about to be asked. */
export interface NextControl {
  /** The open test in whose place it is asked. */
  readonly asker: string;
  readonly why: ControlReason;
  /** How long nobody else asks, unless the answer comes before, ms. */
  readonly leaseMs: number;
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
   * The control to ask next: for a streak the one that answered 200 last, else one that is only declared or imported;
   * otherwise each in turn.
   */
  async next({ asker, why, leaseMs }: NextControl): Promise<ControlQuestion> {
    const answer = await next.run(this.#client, this.#prefix, [asker, why, leaseMs]);
    const [kind, uuid = ''] = answer as [ControlQuestion['kind'], string?];
    return kind === 'ask' ? { kind, uuid } : { kind };
  }

  /** Leaves the question to somebody else: it was not asked. */
  async leave(): Promise<void> {
    await this.#client.hdel(keysOf(this.#prefix).question, 'by', 'at');
  }

  /**
   * Notes that a control answered 200: the API knew tests when it was asked, so the answers until then count.
   * @param askedAt when the request was permitted, epoch ms of Redis' clock; now without it
   */
  async known(uuid: string, askedAt = Number.MAX_SAFE_INTEGER): Promise<void> {
    await known.run(this.#client, this.#prefix, [uuid, askedAt]);
  }

  /** Notes that a control answered 404, which ends its being one. */
  unknown(control: AskedControl): Promise<ControlJudgement> {
    return this.#judge(unknown, control);
  }

  /** Notes that a control cannot be asked in this round: it gets no answer, or is refused. */
  unusable(control: AskedControl): Promise<ControlJudgement> {
    return this.#judge(unusable, control);
  }

  async #judge(script: CheckpointScript, { uuid, asker }: AskedControl): Promise<ControlJudgement> {
    const answer = await script.run(this.#client, this.#prefix, [uuid, asker]);
    const [kind, knownAt, uuids = []] = answer as [ControlJudgement['kind'], string, string[]?];
    return { kind, knownAt: Number(knownAt), uuids };
  }

  /** Notes that a control got no answer. @returns how often in this round */
  async failed(uuid: string): Promise<number> {
    return Number(await failed.run(this.#client, this.#prefix, [uuid]));
  }

  /** Finds controls where none is known (by an older version, or lost): tests whose evidence says that they answered 200. */
  async seed(): Promise<void> {
    const { controls, evidence } = keysOf(this.#prefix);
    if ((await this.#client.zcount(controls, '(0', '+inf')) > 0) return;
    const found = await firstPresent(this.#client, evidence);
    if (found.length > 0) await seed.run(this.#client, this.#prefix, found);
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
