-- How the wait for a test ends: with a verdict, or with an error.

-- ## Errors

-- the text of an error with its time at the end. It is never decoded: cjson would change [], long numbers and
-- depth, and refuses half a character. @param newIn the runs in which it came up first
local function stamped(text, newIn)
  return string.sub(text, 1, -2) .. ',"newIn":"' .. newIn .. '","at":' .. now() .. '}'
end

-- the runs in which the error of a text came up first; none in one of an older version
local function newInOf(text)
  return string.match(text, '"newIn":"([%d,]*)","at":%d+}$') or ''
end

-- when an error was recorded, or nil
local function failedAt(key)
  return tonumber(string.match(redis.call('HGET', errors, key) or '', '"at":(%d+)}$'))
end

-- ## Evidence

-- forgets the answers about a test when they are too old for a verdict: its sessions may have changed. For a provisional
-- verdict that is being checked again only what was absent is too old, however long that takes
local function dropStale(uuid)
  local known = load(evidence, uuid)
  local oldest = math.huge
  for name, answer in pairs(known or {}) do oldest = name ~= 'again' and math.min(oldest, answer.at) or oldest end
  if oldest >= clock() - evidenceLife then return end
  local verdict = known.again and load(verdicts, uuid)
  if verdict and verdict.provisionalUntil then return end
  redis.call('HDEL', evidence, uuid)
end

-- forgets which of a test's data were absent, so that they are requested again
local function dropAbsence(uuid, again)
  local known = load(evidence, uuid)
  if not known or not known.sessions then return end
  for _, probe in ipairs({ 'video', 'qx', 'transcript' }) do
    if known[probe] and known[probe].outcome == 'absent' then known[probe] = nil end
  end
  known.again = again or known.again
  save(evidence, uuid, known)
end

-- drops the id of a test's session, which identifies a participant: nothing is to be asked with it any more
local function dropSession(uuid)
  local known = load(evidence, uuid)
  local id = known and known.sessions and known.sessions.sessionId
  if not id or id == cjson.null or id == droppedSession then return end
  known.sessions.sessionId = droppedSession
  save(evidence, uuid, known)
end

-- ## Waiting

-- how many requests the workers have sent so far, and how many of them were answered 429
local function requestsSoFar()
  local sum = { requests = 0, throttled = 0 }
  local counted = redis.call('HGETALL', metrics)
  for index = 1, #counted, 2 do
    local status = string.match(counted[index], '^requests|[^|]*|(.*)$')
    if status then sum.requests = sum.requests + counted[index + 1] end
    if status == '429' then sum.throttled = sum.throttled + counted[index + 1] end
  end
  return sum
end

-- notes when a run has ended, and what it took, once it waits for nothing
local function endIfDone(run)
  if not run.listed or run.open > 0 or run.endedAt then return end
  run.endedAt = clock()
  if not run.before then return end
  for name, count in pairs(requestsSoFar()) do
    local sent = count - run.before[name]
    -- Redis has lost a sum that is smaller than before
    run[name] = sent >= 0 and sent or nil
  end
end

-- makes a run wait for a test; failed tries from before do not count. A test that failed in this run, before an
-- interruption, is counted already
local function openFor(run, uuid)
  local ids = redis.call('HGET', open, uuid)
  if not ids then redis.call('HDEL', retries, uuid) end
  if names(ids, run) then return end
  redis.call('HSET', open, uuid, ids and (ids .. ',' .. run) or run)
  local record = load(runs, run)
  record.open = record.open + 1
  record.endedAt = nil
  if ids then record.shared = (record.shared or 0) + 1 end
  local failures = record.outcomes.error or 0
  if since(failedAt(uuid), record.startedAt) and failures > 0 then
    record.outcomes.error = failures > 1 and failures - 1 or nil
  else
    record.selected = record.selected + 1
  end
  save(runs, run, record)
end

-- ends the wait for a test and counts its outcome, and what that changes, for every run that waited.
-- @param change may be missing @return whether it was open
local function endWaiting(uuid, outcome, change)
  local ids = redis.call('HGET', open, uuid)
  if not ids then return false end
  redis.call('HDEL', open, uuid)
  redis.call('HDEL', retries, uuid)
  for id in string.gmatch(ids, '[^,]+') do
    local run = load(runs, id)
    if run then
      run.open = run.open - 1
      run.outcomes[outcome] = (run.outcomes[outcome] or 0) + 1
      if change then count(run, change) end
      endIfDone(run)
      save(runs, id, run)
    end
  end
  return true
end

-- ## Verdicts

-- the name of the rules in force. Where it is missing (none was ever chosen, or Redis has lost it), the verdicts show
-- it
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

-- takes a verdict out of the counts. @return it, or nil
local function uncount(uuid)
  local before = load(verdicts, uuid)
  if before then redis.call('HINCRBY', counts, before.category .. '|' .. before.rule, -1) end
  return before
end

-- completes a new verdict, and says what it changes. @param before the test's verdict so far, or nil
-- @param failure its error, or false @param change gets what changes
local function describe(uuid, verdict, before, failure, change)
  local was = before and before.category or take(withdrawn, uuid)
  verdict.was = was ~= '' and was or nil
  verdict.at = clock()
  change.kinds[#change.kinds + 1] = kindOfVerdict(verdict.was, verdict.category)
  change.from, change.to, change.why = verdict.was, verdict.category, verdict.rule
  if failure then
    change.kinds[#change.kinds + 1] = 'error_gone'
    change.undoes = newInOf(failure)
  end
end

-- stores a verdict, which ends an error, and says what that changes. @param change gets it
local function settle(uuid, verdict, change)
  local before, failure = uncount(uuid), redis.call('HGET', errors, uuid)
  describe(uuid, verdict, before, failure, change)
  local text = cjson.encode(verdict)
  redis.call('HSET', verdicts, uuid, text)
  redis.call('HINCRBY', counts, verdict.category .. '|' .. verdict.rule, 1)
  if verdict.provisionalUntil then redis.call('ZADD', provisional, verdict.provisionalUntil, uuid)
  else
    redis.call('ZREM', provisional, uuid)
    dropSession(uuid)
  end
  if failure then redis.call('HDEL', errors, uuid) end
  return text
end

-- adds a stored verdict to the feed of outcomes. @param ids the runs that wait for it, false for none
-- @return the id of its entry
local function feed(uuid, text, ids)
  move(revision)
  local waiting = ids and { 'runs', ids } or {}
  return redis.call('XADD', decided, 'MAXLEN', '~', keptOutcomes, '*', 'test', uuid, 'verdict', text, unpack(waiting))
end

-- stores a verdict and adds it to the feed of outcomes. @param change gets what it changes
local function decide(uuid, verdict, change)
  redis.call('SET', lastDecided, feed(uuid, settle(uuid, verdict, change), redis.call('HGET', open, uuid)))
end

-- notes what the probes of an audit found about a test that its listing declares; the declared verdict stays.
-- @return whether it is such a test
local function audit(uuid, found)
  local before = load(verdicts, uuid)
  if not before or before.source ~= 'declared' then return false end
  dropSession(uuid)
  found.at = clock()
  save(audited, uuid, found)
  return true
end
