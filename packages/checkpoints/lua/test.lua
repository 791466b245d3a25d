-- One test while it is probed: its state, its answers, and how its wait ends. `given.uuid` is the test throughout.

function commands.load(given)
  dropStale(given.uuid)
  return {
    redis.call('HEXISTS', open, given.uuid),
    redis.call('HGET', evidence, given.uuid),
    rulesInForce(),
    redis.call('HGET', retries, given.uuid),
    redis.call('HLEN', open),
    redis.call('HLEN', streak),
    heldFor() or '',
    spelling(given.uuid),
    redis.call('HGET', verdicts, given.uuid),
  }
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

-- @return 1 when the step has come to its end
function commands.noteAnswer(given)
  local uuid, probe, answer = given.uuid, given.probe, given.answer
  if redis.call('HEXISTS', open, uuid) == 0 then return 0 end
  local isAbsent = answer.outcome == 'absent'
  if isAbsent and not absenceCounts(given.askedAt) then return 0 end
  local known = load(evidence, uuid) or {}
  -- dropped since the request: the answer may be about a session that is no longer the first
  if given.sessionsAt > 0 and (not known.sessions or known.sessions.at ~= given.sessionsAt) then return 0 end
  local first = known[probe]
  if first and first.sessionId == droppedSession then
    -- its id was dropped, so the sessions were asked for again: the answers about another session do not count for this one
    local same = answer.finishedAt and first.finishedAt == answer.finishedAt
    if not same then known.video, known.transcript = nil, nil end
    first = nil
  end
  if first and (first.outcome ~= answer.outcome or first.sessionId ~= answer.sessionId) then return 0 end
  if not first then
    if probe == 'sessions' and not isAbsent then heardOf(given) end
    answer.at = clock()
    known[probe] = answer
    save(evidence, uuid, known)
    if probe ~= 'sessions' and isAbsent then noteAbsence(uuid) end
  end
  redis.call('HDEL', retries, uuid)
  if given.verdict then
    if rulesInForce() ~= given.rules then return 0 end
    -- the verdict's other answers have been dropped
    local answers = 0
    for name in pairs(known) do answers = answers + (name ~= 'again' and 1 or 0) end
    if answers < given.answers then return 0 end
    conclude(uuid, given.verdict)
  end
  return 1
end

function commands.decide(given)
  if redis.call('HEXISTS', open, given.uuid) == 0 or rulesInForce() ~= given.rules then return 0 end
  conclude(given.uuid, given.verdict)
  return 1
end

function commands.fail(given)
  local uuid, ids = given.uuid, redis.call('HGET', open, given.uuid)
  if not ids then return 0 end
  local change = { test = uuid, kinds = {}, why = given.type }
  if not audit(uuid, { error = given.type }) then
    local before = redis.call('HGET', errors, uuid)
    if not before then change.kinds = { 'error_new' } end
    local text = stamped(given.failure, before and newInOf(before) or ids)
    redis.call('HSET', errors, uuid, text)
    redis.call('XADD', failed, 'MAXLEN', '~', keptOutcomes, '*', 'test', uuid, 'error', text, 'runs', ids)
    note(change, ids)
    move(revision)
  end
  endWaiting(uuid, 'error', change)
  return 1
end

function commands.noteTries(given)
  if redis.call('HEXISTS', open, given.uuid) == 0 then return 0 end
  redis.call('HSET', retries, given.uuid, given.retry)
  return 1
end
