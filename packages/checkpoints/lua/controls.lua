-- how many controls of a round may give no answer
local mostSkipped = 5
-- how long after the end of a hold answers may still be under way, ms
local underWay = 3600000

-- @return `ask`, a control and its spelling, or why none is to be asked
function commands.next(given)
  local why = given.why
  local asked = redis.call('HMGET', question, 'by', 'at')
  local passed = clock() - tonumber(asked[2] or 0)
  if asked[1] and asked[1] ~= given.asker and passed >= 0 and passed < given.leaseMs then return { 'asked' } end

  local candidates = {}
  local function consider(from, to)
    for _, uuid in ipairs(redis.call('ZREVRANGEBYSCORE', controls, from, to)) do
      local skipped = why == 'streak' and redis.call('HEXISTS', question, 'skip:' .. uuid) == 1
      if not skipped then candidates[#candidates + 1] = uuid end
    end
  end
  consider('+inf', why == 'hold' and '(0' or 0)
  -- only a test that answered 200 once can end a hold; where none is left, any test that does
  if why == 'hold' then
    consider('(-1', '-inf')
    if #candidates == 0 then candidates = { given.asker } end
  end
  if #candidates == 0 then return { 'none' } end
  -- one answers for all, so they take turns
  local turn = why == 'streak' and 1 or redis.call('HINCRBY', question, 'turn', 1)
  redis.call('HSET', question, 'by', given.asker, 'at', now())
  local control = candidates[(turn - 1) % #candidates + 1]
  return { 'ask', control, spelling(control) }
end

function commands.known(given)
  heardOf(given.uuid, given.askedAt)
  if heldFor() then
    redis.call('HSET', hold, 'over', now())
    redis.call('PEXPIRE', hold, underWay)
  end
  return 1
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
-- again, for the runs that waited for them or for that of the test in whose place the control was asked
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
      if verdict and verdict.source == 'probed' and not isOpen then
        uncount(uuid)
        redis.call('HDEL', verdicts, uuid)
        redis.call('SREM', unconfirmed, uuid)
        redis.call('ZREM', provisional, uuid)
        reopen(uuid, ids, verdict, ours)
        back[#back + 1] = uuid
      end
    end
  end
  redis.call('DEL', streak, absences)
  if #back > 0 then changed() end
  return back
end

-- what follows from the answers of this round. @return kind, when the API last knew a control, tests
local function resultOfRound(asker)
  local found = redis.call('HMGET', question, 'asked', 'knew', 'knownAt')
  local asked, knew, knownAt = tonumber(found[1] or 0), tonumber(found[2] or 0), found[3] or '0'
  if knew >= 2 then
    redis.call('DEL', hold)
    redis.call('HSET', hold, 'since', now(), 'knownAt', knownAt)
    local back = takeBack(asker)
    redis.call('DEL', question)
    return { 'hold', knownAt, back }
  end
  local usable = redis.call('ZRANGEBYSCORE', controls, 0, '+inf')
  local skipped = 0
  for _, uuid in ipairs(usable) do skipped = skipped + redis.call('HEXISTS', question, 'skip:' .. uuid) end
  -- a control without an answer is not one of the two
  if skipped < #usable and asked < 2 and skipped < mostSkipped then return { 'another', knownAt } end
  local doubted = redis.call('HKEYS', streak)
  unconfirm(doubted)
  redis.call('DEL', streak, question)
  return { 'doubt', knownAt, doubted }
end

function commands.unknown(given)
  redis.call('HDEL', question, 'by', 'at')
  local score = tonumber(redis.call('ZSCORE', controls, given.uuid) or -1)
  if heldFor() or score < 0 then return { 'held', heldFor() or '0' } end
  if score > 0 then
    redis.call('HINCRBY', question, 'knew', 1)
    redis.call('HSET', question, 'knownAt', string.format('%.0f', score))
  end
  redis.call('ZADD', controls, score > 0 and -score or -1, given.uuid)
  redis.call('HINCRBY', question, 'asked', 1)
  return resultOfRound(given.asker)
end

function commands.unusable(given)
  redis.call('HDEL', question, 'by', 'at')
  if heldFor() then return { 'held', heldFor() } end
  redis.call('HSET', question, 'skip:' .. given.uuid, 1)
  return resultOfRound(given.asker)
end

-- @return how often the control has failed in this round
function commands.failed(given)
  redis.call('HDEL', question, 'by', 'at')
  return redis.call('HINCRBY', question, 'tries:' .. given.uuid, 1)
end

function commands.seed(given)
  for _, uuid in ipairs(given.uuids) do redis.call('ZADD', controls, 'NX', now(), uuid) end
  return 1
end
