-- Shared by the scripts of all subjects. Before it come a local variable for each key (keys.ts), the constants that
-- TypeScript knows too (script.ts), and `clock()`, Redis' time in epoch ms. Each script is one indivisible act.

-- the acts of a subject, by their names; each gets one table of arguments
local commands = {}

-- whether something happened since a time. A later time is from before the clock was set back
local function since(at, time)
  return at ~= nil and at >= time and at <= clock()
end

-- the time as a text: a number would be shortened to 14 digits
local function now()
  return string.format('%.0f', clock())
end

local function load(hash, field)
  local text = redis.call('HGET', hash, field)
  return text and cjson.decode(text) or nil
end

local function save(hash, field, record)
  redis.call('HSET', hash, field, cjson.encode(record))
end

-- how many arguments a command gets at once; even, for pairs
local atOnce = 1000

-- the values of fields of a hash, by field; false where it has none
local function valuesOf(hash, fields)
  local values = {}
  for from = 1, #fields, atOnce do
    local some = redis.call('HMGET', hash, unpack(fields, from, math.min(from + atOnce - 1, #fields)))
    for index, value in ipairs(some) do values[fields[from + index - 1]] = value end
  end
  return values
end

-- calls a command with any number of arguments behind its key
local function callWith(command, key, args)
  for from = 1, #args, atOnce do
    redis.call(command, key, unpack(args, from, math.min(from + atOnce - 1, #args)))
  end
end

-- moves a revision, once per act: to the time in µs, and always forward. A count would reach the same number again, with
-- other contents, after Redis has lost its last writes
local moved = {}
local function move(key)
  if moved[key] then return end
  moved[key] = true
  local time = redis.call('TIME')
  local before = tonumber(redis.call('GET', key) or '0')
  redis.call('SET', key, string.format('%.0f', math.max(time[1] * 1000000 + time[2], before + 1)))
end

-- notes a change that is visible in the state files and is not an outcome
local function changed()
  move(revision)
  move(libraryRevision)
end

-- a test's UUID as its listing spells it, for requests
local function spelling(uuid)
  return string.match(redis.call('HGET', listing, uuid) or '', ',"spelling":"([^"]*)"') or uuid
end

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

-- ## Open tests and their runs

-- whether a run is one of those that wait for a test. @param ids value of `open`, or nil
local function names(ids, run)
  return ids and string.find(',' .. ids .. ',', ',' .. run .. ',', 1, true) ~= nil
end

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

-- ## Changes
--
-- What an act changes about a test (docs/decisions/0013-what-changed.md): `test`, `kinds`, and for a verdict `from`, `to`
-- and `why`. It goes into the stream in the same act, once, and is counted for each run that it belongs to.

-- what undoes a change; `change.undoes` names the runs that have counted it, and count neither
local undoes = { error_gone = 'error_new', listed_again = 'unlisted' }

-- the first and the last id that this act has added to the stream
local firstNoted, lastNoted
-- adds a change to the stream. @param ids the runs that it belongs to, as in `open`
local function note(change, ids)
  if #change.kinds == 0 then return end
  lastNoted = redis.call('XADD', changes, '*', 'test', change.test, 'kinds', table.concat(change.kinds, ','), 'runs', ids,
    'from', change.from or '', 'to', change.to or '', 'why', change.why or '', 'undoes', change.undoes or '')
  if firstNoted then return end
  firstNoted = lastNoted
  local length = redis.call('XLEN', changes)
  if length == 1 then redis.call('SET', changesFrom, firstNoted) end
  if length < keptOutcomes + 1000 then return end
  redis.call('XTRIM', changes, 'MAXLEN', keptOutcomes)
  redis.call('SET', changesFrom, redis.call('XRANGE', changes, '-', '+', 'COUNT', 1)[1][1])
end

-- notes between which ids of the stream a run's changes are: times would not find them after Redis' clock was set back
local function spanChanges(run)
  run.firstChange, run.lastChange = run.firstChange or firstNoted, lastNoted or run.lastChange
end

-- counts a change that was noted for a run. Runs of an older version have no counts
local function count(run, change)
  if not run.changes then return end
  for _, kind in ipairs(change.kinds) do
    local undone = undoes[kind] or change.undone
    local counted = undone and names(change.undoes, run.id) and undone or kind
    run.changes[counted] = (run.changes[counted] or 0) + (counted == kind and 1 or -1)
    run.undid = run.undid or counted ~= kind or nil
    spanChanges(run)
  end
end

-- the same, and counts it for the one run that it belongs to
local function noteFor(run, change)
  note(change, run)
  local record = load(runs, run)
  if not record then return end
  count(record, change)
  save(runs, run, record)
end

-- what kind of change it is when a test gets a category. A test without sessions had no type that could change
local function kindOfVerdict(from, to)
  if from == to then return nil end
  return (not from or from == 'no sessions') and 'classified' or 'type_changed'
end

local exists = {}
-- takes a field out of a hash that is empty most of the time. @return its value, or nil
local function take(hash, field)
  if exists[hash] == nil then exists[hash] = redis.call('EXISTS', hash) == 1 end
  local value = exists[hash] and redis.call('HGET', hash, field)
  if value then redis.call('HDEL', hash, field) end
  return value or nil
end

-- ## Waiting

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

-- what a verdict is stored as, and what it changes. @param before the test's verdict so far, or nil
-- @param failure its error, or false @param change gets what changes
local function verdictText(uuid, verdict, before, failure, change)
  local was = before and before.category or take(withdrawn, uuid)
  verdict.was = was ~= '' and was or nil
  verdict.at = clock()
  change.kinds[#change.kinds + 1] = kindOfVerdict(verdict.was, verdict.category)
  change.from, change.to, change.why = verdict.was, verdict.category, verdict.rule
  if failure then
    change.kinds[#change.kinds + 1] = 'error_gone'
    change.undoes = newInOf(failure)
  end
  return cjson.encode(verdict)
end

-- stores a verdict, which ends an error, and says what that changes. @param change gets it
local function settle(uuid, verdict, change)
  local before, failure = uncount(uuid), redis.call('HGET', errors, uuid)
  local text = verdictText(uuid, verdict, before, failure, change)
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

-- adds a stored verdict to the feed of outcomes
local function feed(uuid, text)
  redis.call('XADD', decided, 'MAXLEN', '~', keptOutcomes, '*', 'test', uuid, 'verdict', text)
  move(revision)
end

-- stores a verdict and adds it to the feed of outcomes. @param change gets what it changes
local function decide(uuid, verdict, change)
  feed(uuid, settle(uuid, verdict, change))
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

-- ## Doubtful 404s
--
-- A 404 may come from something in front of the API, or from an account that has lost its access. So ClassicUT verdicts
-- are counted until a sessionResults answers 200 (the streak), and tests that the API should know are kept (the controls).

-- how many controls are kept of each kind: tests that answered 200, and tests that only their listing declares
local keptControls = 20

-- when the API last knew its tests, while the queue is held because it does not; else nil
local function heldFor()
  local known = redis.call('HMGET', hold, 'since', 'over', 'knownAt')
  if known[1] and not known[2] then return known[3] end
end

-- whether a 404 counts of a request that was permitted at a time
local function absenceCounts(askedAt)
  if heldFor() then return false end
  local over = tonumber(redis.call('HGET', hold, 'over') or 0)
  return askedAt >= over or over > clock()
end

local function unconfirm(uuids)
  local added = 0
  for _, uuid in ipairs(uuids) do added = added + redis.call('SADD', unconfirmed, uuid) end
  if added > 0 then changed() end
end

-- notes a ClassicUT verdict by probe, with the runs that waited for it. Without a control nothing confirms it
local function lengthenStreak(uuid)
  redis.call('HSET', streak, uuid, redis.call('HGET', open, uuid))
  if redis.call('ZCOUNT', controls, 0, '+inf') > 0 then return end
  local length = redis.call('HLEN', streak)
  -- after a doubt, too, no test has answered 200
  if length < unconfirmedFrom and redis.call('EXISTS', unconfirmed) == 0 then return end
  -- a streak that began beside a control is short
  unconfirm(length <= 100 and redis.call('HKEYS', streak) or { uuid })
end

-- notes a test whose video, scores or transcript were absent: what answers 404 for all tests may have said so
local function noteAbsence(uuid)
  redis.call('HSET', absences, uuid, redis.call('HGET', open, uuid))
end

local enoughControls = false
-- a test that the API should know: it may become a control
local function mayBeControl(uuid)
  if enoughControls then return end
  enoughControls = redis.call('ZCOUNT', controls, 0, 0) >= keptControls
  if not enoughControls then redis.call('ZADD', controls, 'NX', 0, uuid) end
end

-- ends the doubt in the answers of a streak, or in absent media, that were noted before a time. A later time is from
-- before the clock was set back
local function confirmBefore(noted, time)
  for _, uuid in ipairs(redis.call('HKEYS', noted)) do
    local latest = 0
    for _, answer in pairs(load(evidence, uuid) or {}) do
      if type(answer) == 'table' and answer.outcome == 'absent' then latest = math.max(latest, answer.at) end
    end
    if latest < time or latest > clock() then redis.call('HDEL', noted, uuid) end
  end
end

-- a sessionResults that was asked at a time has answered 200: the API knew tests then, so its 404s until then count.
-- Requests overtake each other: a 404 that was noted after that may be another one's, which began to answer in between
local function heardOf(uuid, askedAt)
  redis.call('ZADD', controls, clock(), uuid)
  if redis.call('ZCOUNT', controls, '(0', '+inf') > keptControls then
    redis.call('ZREM', controls, redis.call('ZRANGEBYSCORE', controls, '(0', '+inf', 'LIMIT', 0, 1)[1])
  end
  confirmBefore(streak, askedAt)
  confirmBefore(absences, askedAt)
  redis.call('DEL', question, reasked)
  if redis.call('DEL', unconfirmed) == 1 then changed() end
end

-- ends the probing of a test with a verdict
local function conclude(uuid, verdict)
  local change = { test = uuid, kinds = {} }
  if not audit(uuid, { category = verdict.category, rule = verdict.rule }) then
    decide(uuid, verdict, change)
    note(change, redis.call('HGET', open, uuid))
    if verdict.category == 'ClassicUT' then lengthenStreak(uuid) end
  end
  endWaiting(uuid, verdict.category, change)
end
