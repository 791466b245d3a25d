import { clockLua, LuaScript, type RedisClient } from '@inventory/redis';
import { evidenceLife } from './evidence-life.ts';
import { type KeyName, keyNames, keysOf } from './keys.ts';
import { keptOutcomes } from './outcome-feed.ts';
import { streakLua } from './streak.ts';

const locals = keyNames.map((name, index) => `local ${name} = KEYS[${index + 1}]`).join('\n');

/** Lua that several scripts need; each runs as one indivisible act. */
const shared = `${clockLua}
-- whether something happened since a time. What lies ahead is from before the clock was set back
local function since(at, time)
  return at ~= nil and at >= time and at <= clock()
end

-- moves a number, once in an act: to the time in µs, and always on. A count would come to the same number again, with
-- other contents, after Redis has lost its last writes
local moved = {}
local function move(key)
  if moved[key] then return end
  moved[key] = true
  local time = redis.call('TIME')
  local before = tonumber(redis.call('GET', key) or '0')
  redis.call('SET', key, string.format('%.0f', math.max(time[1] * 1000000 + time[2], before + 1)))
end

-- notes a change that shows in the state files and that no outcome tells
local function changed()
  move(revision)
  move(untold)
end

local function load(hash, field)
  local text = redis.call('HGET', hash, field)
  return text and cjson.decode(text) or nil
end

local function save(hash, field, record)
  redis.call('HSET', hash, field, cjson.encode(record))
end

-- the text of an error with its time at the end. It is never decoded: cjson would change [], long numbers and
-- depth, and refuses half a character
local function stamped(text)
  return string.sub(text, 1, -2) .. ',"at":' .. string.format('%.0f', clock()) .. '}'
end

-- when an error was recorded, or nil
local function failedAt(key)
  return tonumber(string.match(redis.call('HGET', errors, key) or '', '"at":(%d+)}$'))
end

-- whether answers are too old to rest a verdict on: the test's sessions may have changed. Of a provisional verdict that
-- is asked about once more only what was absent is, however long that takes
local function stale(uuid, known, now)
  if not known.sessions or known.sessions.at >= now - ${evidenceLife} then return false end
  local verdict = known.again and load(verdicts, uuid)
  return not (verdict and verdict.provisionalUntil)
end

-- forgets of a test's data which of them were absent, so that they are asked for again
local function dropAbsence(uuid, again)
  local known = load(evidence, uuid)
  if not known or not known.sessions then return end
  for _, probe in ipairs({ 'video', 'qx', 'transcript' }) do
    if known[probe] and known[probe].outcome == 'absent' then known[probe] = nil end
  end
  known.again = again or known.again
  save(evidence, uuid, known)
end

-- has a run wait for a test; failed tries from before do not count. A test that failed in this run, before an
-- interruption, is counted already
local function take(uuid, id)
  local ids = redis.call('HGET', open, uuid)
  if not ids then redis.call('HDEL', retries, uuid) end
  if ids and string.find(',' .. ids .. ',', ',' .. id .. ',', 1, true) then return end
  redis.call('HSET', open, uuid, ids and (ids .. ',' .. id) or id)
  local run = load(runs, id)
  run.open = run.open + 1
  local failed, failures = failedAt(uuid), run.outcomes.error or 0
  if since(failed, run.startedAt) and failures > 0 then
    run.outcomes.error = failures > 1 and failures - 1 or nil
  else
    run.selected = run.selected + 1
  end
  save(runs, id, run)
end

-- ends the waiting for a test and counts its outcome for every run that waited
local function settle(uuid, outcome)
  local ids = redis.call('HGET', open, uuid)
  if not ids then return false end
  redis.call('HDEL', open, uuid)
  redis.call('HDEL', retries, uuid)
  for id in string.gmatch(ids, '[^,]+') do
    local run = load(runs, id)
    if run then
      run.open = run.open - 1
      run.outcomes[outcome] = (run.outcomes[outcome] or 0) + 1
      save(runs, id, run)
    end
  end
  return true
end

-- the set of rules in force. Where its name is missing (none was ever chosen, or Redis has lost it), the verdicts tell
local function rulesInForce()
  local name = redis.call('GET', rules)
  if name then return name end
  name = 'tutorial'
  for _, key in ipairs(redis.call('HKEYS', counts)) do
    if string.find(key, '|matrix-', 1, true) and redis.call('HGET', counts, key) ~= '0' then name = 'media-matrix' end
  end
  redis.call('SET', rules, name)
  return name
end

-- whether a set of rules is the one in force
local function inForce(name)
  return rulesInForce() == name
end

-- takes a verdict's number out of the counts
local function uncount(uuid)
  local before = load(verdicts, uuid)
  if before then redis.call('HINCRBY', counts, before.category .. '|' .. before.rule, -1) end
  return before
end

-- records a verdict, which ends an error
local function decide(uuid, verdict, quiet)
  uncount(uuid)
  verdict.at = clock()
  local text = cjson.encode(verdict)
  redis.call('HSET', verdicts, uuid, text)
  redis.call('HINCRBY', counts, verdict.category .. '|' .. verdict.rule, 1)
  redis.call('HDEL', errors, uuid)
  if verdict.provisionalUntil then redis.call('ZADD', provisional, verdict.provisionalUntil, uuid)
  else redis.call('ZREM', provisional, uuid) end
  if quiet then return changed() end
  redis.call('XADD', decided, 'MAXLEN', '~', ${keptOutcomes}, '*', 'test', uuid, 'verdict', text)
  move(revision)
end

-- notes what the probes of an audit said of a test that its listing declares; the listing's word stays
local function audit(uuid, found)
  local before = load(verdicts, uuid)
  if not before or before.source ~= 'declared' then return false end
  found.at = clock()
  save(audited, uuid, found)
  return true
end

${streakLua}
-- ends the probing of a test by what it showed
local function conclude(uuid, verdict)
  if not audit(uuid, { category = verdict.category, rule = verdict.rule }) then
    decide(uuid, verdict)
    if verdict.category == 'ClassicUT' then lengthenStreak(uuid) end
  end
  settle(uuid, verdict.category)
end
`;

/** A Lua script over the checkpoints: each key is a local variable of its name. */
export class CheckpointScript {
  readonly #script: LuaScript;

  constructor(body: string) {
    this.#script = new LuaScript(`${locals}\n${shared}\n${body}`);
  }

  /** Runs it on the checkpoints of one prefix. */
  run(client: RedisClient, prefix: string, args: readonly (string | number)[] = []): Promise<unknown> {
    const keys: Readonly<Record<KeyName, string>> = keysOf(prefix);
    return this.#script.run(
      client,
      keyNames.map((name) => keys[name]),
      args,
    );
  }
}
