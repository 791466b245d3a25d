-- What is stored twice in the checkpoints, and which of the two counts: a Redis that has lost a part of an act (a power
-- cut inside a transaction of its file) or a whole key keeps one without the other.
--
-- - `catalogue` holds the keys of `listing`, in order.
-- - `counts` counts `verdicts`; `provisional` holds their times.
-- - `runs[].open` counts the tests of `open` that name the run; `runs[].selected` is that and its outcomes.
-- - A test that a run has listed and that needs probing is in `open`, or has a verdict or an error.

local function each(key, work)
  local cursor = '0'
  repeat
    local answer = redis.call('HSCAN', key, cursor, 'COUNT', 1000)
    cursor = answer[1]
    for index = 1, #answer[2], 2 do work(answer[2][index], answer[2][index + 1]) end
  until cursor == '0'
end

local function mendCatalogue(when, change, found)
  local tests, known = redis.call('ZCARD', catalogue), redis.call('HLEN', listing)
  if tests < known then
    found.totals = true
    if not change then return end
    each(listing, function(uuid) redis.call('ZADD', catalogue, 0, uuid) end)
    changed()
  elseif tests > known then
    found.unlisted = tests - known
    -- a new listing finds those that are still there
    if when ~= 'start' then return end
    redis.call('DEL', cursors)
    for _, uuid in ipairs(redis.call('ZRANGE', catalogue, 0, -1)) do
      if redis.call('HEXISTS', listing, uuid) == 0 then redis.call('ZREM', catalogue, uuid) end
    end
    changed()
  end
end

local uuidForm = '^' .. string.rep('%w', 8) .. string.rep('%-%w%w%w%w', 3) .. '%-' .. string.rep('%w', 12) .. '$'

-- brings a test under its key what stands under another spelling of it; what stands there already counts
local function moveTest(uuid, key)
  if redis.call('HEXISTS', verdicts, key) == 1 then uncount(uuid) end
  for _, hash in ipairs({ listing, evidence, verdicts, errors, retries, audited, streak, absences, unlisted, withdrawn }) do
    local text = redis.call('HGET', hash, uuid)
    if text and hash == listing then text = string.sub(text, 1, -2) .. ',"spelling":"' .. uuid .. '"}' end
    if text then redis.call('HSETNX', hash, key, text) end
    redis.call('HDEL', hash, uuid)
  end
  if redis.call('HEXISTS', verdicts, key) == 1 then redis.call('HDEL', errors, key) end
  for _, set in ipairs({ catalogue, provisional, controls }) do
    local score = redis.call('ZSCORE', set, uuid)
    if score then redis.call('ZADD', set, 'NX', score, key) end
    redis.call('ZREM', set, uuid)
  end
  if redis.call('SREM', unconfirmed, uuid) == 1 then redis.call('SADD', unconfirmed, key) end
  changed()
end

-- an older version stored UUIDs as they came, so that one test could be two. What is open is moved at a later start
local function mendSpellings(upper)
  for _, uuid in ipairs(upper) do
    if string.find(uuid, uuidForm) then
      local key = string.lower(uuid)
      if redis.call('HEXISTS', open, uuid) + redis.call('HEXISTS', open, key) == 0 then moveTest(uuid, key) end
    end
  end
end

local function mendCounts(when, change, found)
  local counted, wrong = 0, when == 'doctor'
  for _, count in ipairs(redis.call('HVALS', counts)) do
    counted = counted + tonumber(count)
    wrong = wrong or tonumber(count) < 0
  end
  local decidedTests = redis.call('HLEN', verdicts)
  found.lostVerdicts = math.max(0, counted - decidedTests)
  if not wrong and counted == decidedTests then return end

  local by, weak, before = {}, {}, {}
  each(verdicts, function(uuid, text)
    local category, rule = string.match(text, '"category":"([^"]*)"'), string.match(text, '"rule":"([^"]*)"')
    local key = (category or '') .. '|' .. (rule or '')
    by[key] = (by[key] or 0) + 1
    weak[uuid] = string.match(text, '"provisionalUntil":(%d+)')
  end)
  each(counts, function(key, count)
    before[key] = true
    if tonumber(count) ~= (by[key] or 0) then found.totals = true end
  end)
  for key in pairs(by) do found.totals = found.totals or not before[key] end
  if not change then return end
  if found.totals then
    redis.call('DEL', counts)
    for key, count in pairs(by) do redis.call('HSET', counts, key, count) end
    changed()
  end
  for uuid, till in pairs(weak) do redis.call('ZADD', provisional, till, uuid) end
  for _, uuid in ipairs(redis.call('ZRANGE', provisional, 0, -1)) do
    if not weak[uuid] then redis.call('ZREM', provisional, uuid) end
  end
end

-- opens the tests of a run that have no outcome and that no run waits for, except those that the listing classifies
local function openLost(run, classifyBy, change, found)
  each(listing, function(uuid, text)
    if not string.find(text, '"run":"' .. run .. '"', 1, true) then return end
    for _, hash in ipairs({ open, verdicts, errors }) do
      if redis.call('HEXISTS', hash, uuid) == 1 then return end
    end
    local typed = string.find(text, ',"type":', 1, true) or string.find(text, ',"productType":', 1, true)
    local byListing = classifyBy == 'metadata' or classifyBy == 'auto' and typed
    if change and not byListing then
      openFor(run, uuid)
      found.reopened = found.reopened + 1
    else
      found.undecided = found.undecided + 1
    end
  end)
end

local function mendRuns(given, change, found)
  local waiting = redis.call('HLEN', open)
  local sum, off, latest = 0, given.when == 'end' or given.when == 'doctor', nil
  for _, id in ipairs(redis.call('HKEYS', runs)) do
    local run = load(runs, id)
    sum = sum + run.open
    if run.open < 0 or run.open > waiting then off = true end
    if not run.finishedAt and (not latest or id > latest) then latest = id end
  end
  if not off and not (latest and sum < waiting) then return end

  local waits, strays = {}, {}
  each(open, function(uuid, ids)
    local named = false
    for id in string.gmatch(ids, '[^,]+') do
      if redis.call('HEXISTS', runs, id) == 1 then
        waits[id] = (waits[id] or 0) + 1
        named = true
      end
    end
    if not named then strays[#strays + 1] = uuid end
  end)
  if latest and change then
    for _, uuid in ipairs(strays) do redis.call('HSET', open, uuid, latest) end
    waits[latest] = (waits[latest] or 0) + #strays
  end
  for _, id in ipairs(redis.call('HKEYS', runs)) do
    local run, waited = load(runs, id), waits[id] or 0
    if run.open ~= waited then
      found.runs = found.runs + 1
      local before = run.open
      run.open, run.selected = waited, waited
      for _, count in pairs(run.outcomes) do run.selected = run.selected + count end
      if waited > 0 then run.finishedAt, run.endedAt, run.verified = nil, nil, nil end
      if change then
        save(runs, id, run)
        if before > waited then openLost(id, given.classifyBy, change, found) end
      end
    end
  end
end

-- whether every listed test has an outcome, or a run that waits for one
local function allAccountedFor()
  local accounted = redis.call('HLEN', verdicts)
  for _, hash in ipairs({ errors, open }) do
    for _, uuid in ipairs(redis.call('HKEYS', hash)) do
      local twice = redis.call('HEXISTS', verdicts, uuid) == 1 or (hash == open and redis.call('HEXISTS', errors, uuid) == 1)
      if not twice and string.sub(uuid, 1, 10) ~= 'workspace:' then accounted = accounted + 1 end
    end
  end
  return accounted >= redis.call('HLEN', listing)
end

-- @return what was inconsistent
function commands.reconcile(given)
  local change = given.when ~= 'doctor'
  local found = { runs = 0, totals = false, lostVerdicts = 0, unlisted = 0, reopened = 0, undecided = 0 }
  mendCatalogue(given.when, change, found)
  mendSpellings(given.upper)
  mendCounts(given.when, change, found)
  mendRuns(given, change, found)
  if given.when == 'end' and redis.call('HEXISTS', runs, given.run) == 1 and not allAccountedFor() then
    openLost(given.run, given.classifyBy, change, found)
  end
  return cjson.encode(found)
end
