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

-- makes the runs that waited for a test wait again, and takes back what its verdict changed; where these are over, the
-- runs of the asking test wait for it
local function reopen(uuid, ids, verdict, ours)
  local waiting, records, category = {}, {}, verdict.category
  local kind = kindOfVerdict(verdict.was, category)
  for id in string.gmatch(ids, '[^,]+') do
    local run = load(runs, id)
    if run and not run.finishedAt then
      local left = (run.outcomes[category] or 0) - 1
      run.outcomes[category] = left > 0 and left or nil
      run.open = run.open + 1
      run.endedAt = nil
      waiting[#waiting + 1] = id
      records[#records + 1] = run
    end
  end
  local told = table.concat(waiting, ',')
  if #waiting > 0 then redis.call('HSET', open, uuid, told) end
  redis.call('HSET', withdrawn, uuid, verdict.was or '')
  local change = { test = uuid, kinds = { kind and 'withdrawn' }, from = category, to = verdict.was }
  change.undone, change.undoes = kind, told
  note(change, told)
  for _, run in ipairs(records) do
    count(run, change)
    save(runs, run.id, run)
  end
  for id in string.gmatch(ours, '[^,]+') do if load(runs, id) then openFor(id, uuid) end end
end

-- withdraws what was absent since the API last answered 200, and the verdicts that rest on it: their tests are open
-- again, for the runs that waited for them or for those of the test that asked
local function takeBack(asker)
  local back, ours = {}, redis.call('HGET', open, asker) or ''
  -- what was doubted before is doubtful too
  for _, uuid in ipairs(redis.call('SMEMBERS', unconfirmed)) do redis.call('HSETNX', streak, uuid, '') end
  for _, noted in ipairs({ streak, absences }) do
    local all = redis.call('HGETALL', noted)
    for index = 1, #all, 2 do
      local uuid, ids = all[index], all[index + 1]
      local verdict, isOpen = load(verdicts, uuid), redis.call('HEXISTS', open, uuid) == 1
      if noted == streak then redis.call('HDEL', evidence, uuid) else dropAbsence(uuid) end
      -- the verdict of an open test is an older one; of the streak it is doubtful all the same
      if verdict and verdict.source ~= 'declared' and (noted == streak or not isOpen) then
        uncount(uuid)
        redis.call('HDEL', verdicts, uuid)
        redis.call('SREM', unconfirmed, uuid)
        redis.call('ZREM', provisional, uuid)
        reopen(uuid, isOpen and '' or ids, verdict, ours)
        back[#back + 1] = uuid
      end
    end
  end
  redis.call('DEL', streak, absences)
  if #back > 0 then changed() end
  return back
end

-- the sessionResults of a test, asked for itself or in the place of another one (asker), has answered 200: the API knew
-- tests at that time, so its 404s until then count. Requests overtake each other: a 404 that was noted after that may be
-- another one's, which began to answer in between
local function heardOf(answered)
  local uuid, askedAt = answered.uuid, answered.askedAt
  -- it was one of those that were answered 404: that was not the API's word, for none of them
  local isRefuted = redis.call('HEXISTS', streak, uuid) == 1 or redis.call('SISMEMBER', unconfirmed, uuid) == 1
  if isRefuted then takeBack(answered.asker or uuid) end
  redis.call('ZADD', controls, clock(), uuid)
  if redis.call('ZCOUNT', controls, '(0', '+inf') > keptControls then
    redis.call('ZREM', controls, redis.call('ZRANGEBYSCORE', controls, '(0', '+inf', 'LIMIT', 0, 1)[1])
  end
  confirmBefore(streak, askedAt)
  confirmBefore(absences, askedAt)
  redis.call('DEL', question, reasked)
  if redis.call('DEL', unconfirmed) == 1 then changed() end
end
