import { z } from 'zod';
import type { CheckpointPlace } from './checkpoint-place.ts';
import { CheckpointScript } from './checkpoint-script.ts';

/**
 * What stands twice in the checkpoints, and which of the two counts: a Redis that has lost a part of an act (a power cut
 * inside a transaction of its file) or a whole key leaves one without the other.
 *
 * - `runs[].open` counts the tests of `open` that name the run; `runs[].selected` is that and its outcomes.
 * - `counts` counts `verdicts`; `provisional` holds their times.
 * - `catalogue` holds the keys of `listing`, in order.
 * - A test that a run has listed and that needs probing is in `open`, or has a verdict or an error.
 */
const mend = new CheckpointScript(`
local when, id, classifyBy = ARGV[1], ARGV[2], ARGV[3]
local change = when ~= 'doctor'
local found = { runs = 0, totals = false, lostVerdicts = 0, unlisted = 0, taken = 0, undecided = 0 }

local function each(command, key, work)
  local cursor = '0'
  repeat
    local answer = redis.call(command, key, cursor, 'COUNT', 1000)
    cursor = answer[1]
    for index = 1, #answer[2], 2 do work(answer[2][index], answer[2][index + 1]) end
  until cursor == '0'
end

-- the order of the tests
local tests, known = redis.call('ZCARD', catalogue), redis.call('HLEN', listing)
if tests < known then
  found.totals = true
  if change then
    each('HSCAN', listing, function(uuid) redis.call('ZADD', catalogue, 0, uuid) end)
    changed()
  end
elseif tests > known then
  found.unlisted = tests - known
  -- a new listing finds those that are still there
  if change and when == 'start' then
    redis.call('DEL', cursors)
    for _, uuid in ipairs(redis.call('ZRANGE', catalogue, 0, -1)) do
      if redis.call('HEXISTS', listing, uuid) == 0 then redis.call('ZREM', catalogue, uuid) end
    end
    changed()
  end
end

-- the totals
local counted, wrong = 0, when == 'doctor'
for _, count in ipairs(redis.call('HVALS', counts)) do
  counted = counted + tonumber(count)
  wrong = wrong or tonumber(count) < 0
end
local decidedTests = redis.call('HLEN', verdicts)
found.lostVerdicts = math.max(0, counted - decidedTests)
if wrong or counted ~= decidedTests then
  local by, weak = {}, {}
  each('HSCAN', verdicts, function(uuid, text)
    local category, rule = string.match(text, '"category":"([^"]*)"'), string.match(text, '"rule":"([^"]*)"')
    local key = (category or '') .. '|' .. (rule or '')
    by[key] = (by[key] or 0) + 1
    weak[uuid] = string.match(text, '"provisionalUntil":(%d+)')
  end)
  local before = {}
  each('HSCAN', counts, function(key, count)
    before[key] = true
    if tonumber(count) ~= (by[key] or 0) then found.totals = true end
  end)
  for key in pairs(by) do found.totals = found.totals or not before[key] end
  if found.totals and change then
    redis.call('DEL', counts)
    for key, count in pairs(by) do redis.call('HSET', counts, key, count) end
    changed()
  end
  if change then
    for uuid, till in pairs(weak) do redis.call('ZADD', provisional, till, uuid) end
    for _, uuid in ipairs(redis.call('ZRANGE', provisional, 0, -1)) do
      if not weak[uuid] then redis.call('ZREM', provisional, uuid) end
    end
  end
end

-- tests of a run that have neither an outcome nor anybody who waits for one. What the listing decides is left to it
local function takeLost(run)
  each('HSCAN', listing, function(uuid, text)
    local ours = string.find(text, '"run":"' .. run .. '"', 1, true)
    if ours and redis.call('HEXISTS', open, uuid) + redis.call('HEXISTS', verdicts, uuid)
      + redis.call('HEXISTS', errors, uuid) == 0 then
      local typed = string.find(text, ',"type":', 1, true) or string.find(text, ',"productType":', 1, true)
      local byListing = classifyBy == 'metadata' or classifyBy == 'auto' and typed
      if change and not byListing then
        take(uuid, run)
        found.taken = found.taken + 1
      else
        found.undecided = found.undecided + 1
      end
    end
  end)
end

-- whom the open tests wait for
local waiting = redis.call('HLEN', open)
local sum, off, latest = 0, when == 'end' or when == 'doctor', nil
for _, key in ipairs(redis.call('HKEYS', runs)) do
  local run = load(runs, key)
  sum = sum + run.open
  if run.open < 0 or run.open > waiting then off = true end
  if not run.finishedAt and (not latest or key > latest) then latest = key end
end
if off or (latest and sum < waiting) then
  local waits, strays = {}, {}
  each('HSCAN', open, function(uuid, ids)
    local named = false
    for run in string.gmatch(ids, '[^,]+') do
      if redis.call('HEXISTS', runs, run) == 1 then
        waits[run] = (waits[run] or 0) + 1
        named = true
      end
    end
    if not named then strays[#strays + 1] = uuid end
  end)
  if latest and change then
    for _, uuid in ipairs(strays) do redis.call('HSET', open, uuid, latest) end
    waits[latest] = (waits[latest] or 0) + #strays
  end
  for _, key in ipairs(redis.call('HKEYS', runs)) do
    local run, now = load(runs, key), waits[key] or 0
    if run.open ~= now then
      found.runs = found.runs + 1
      local before = run.open
      run.open, run.selected = now, now
      for _, count in pairs(run.outcomes) do run.selected = run.selected + count end
      if now > 0 then run.finishedAt, run.verified = nil, nil end
      if change then
        save(runs, key, run)
        if before > now then takeLost(key) end
      end
    end
  end
end

-- at its end nothing of a run is left undecided
if when == 'end' and redis.call('HEXISTS', runs, id) == 1 then
  local settled = redis.call('HLEN', verdicts)
  for _, hash in ipairs({ errors, open }) do
    for _, uuid in ipairs(redis.call('HKEYS', hash)) do
      local twice = redis.call('HEXISTS', verdicts, uuid) == 1 or (hash == open and redis.call('HEXISTS', errors, uuid) == 1)
      if not twice and string.sub(uuid, 1, 10) ~= 'workspace:' then settled = settled + 1 end
    end
  end
  if settled < redis.call('HLEN', listing) then takeLost(id) end
end
return cjson.encode(found)
`);

const reconciled = z.object({
  /** Runs that counted other tests than those that wait for an outcome. */
  runs: z.number(),
  /** Whether the totals, or the order of the tests, were not those of the tests. */
  totals: z.boolean(),
  /** Verdicts that were counted and are gone. */
  lostVerdicts: z.number(),
  /** Tests of which no listing is known any more. */
  unlisted: z.number(),
  /** Tests without an outcome that their run waits for again. */
  taken: z.number(),
  /** Tests of the run that have no outcome and were not taken: their listing decides them, at the next start. */
  undecided: z.number(),
});
export type Reconciled = z.output<typeof reconciled>;

/** When the checkpoints are reconciled. What costs time for each test is looked at where something does not add up. */
export type ReconcileOptions = (
  | {
      /**
       * `start`: before a listing; tests whose listing was lost leave the order of the tests, so that this one finds
       * them. `beat`: on each heartbeat. `doctor`: looks at everything and changes nothing.
       */
      readonly when: 'start' | 'beat' | 'doctor';
    }
  /** At the end of a run: what it has listed and nobody has decided is waited for again. */
  | { readonly when: 'end'; readonly run: string }
) & {
  /** What the listing decides is left to it: lost tests of that kind are not probed. */
  readonly classifyBy: 'auto' | 'probe' | 'metadata';
};

/**
 * Brings what stands twice in the checkpoints into line, in one act; a second call changes nothing.
 * @returns what was out of line
 */
export async function reconcile({ client, prefix }: CheckpointPlace, options: ReconcileOptions): Promise<Reconciled> {
  const { when, classifyBy } = options;
  const answer = await mend.run(client, prefix, [when, options.when === 'end' ? options.run : '', classifyBy]);
  return reconciled.parse(JSON.parse(String(answer)));
}
