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
  -- only a test that answered 200 once can end a hold; where none is left, any test that does. The asker would be the same one
  -- each time, and may never answer 200
  if why == 'hold' then
    consider('(-1', '-inf')
    if #candidates == 0 then candidates = redis.call('HRANDFIELD', open, 1) end
  end
  if #candidates == 0 then return { 'none' } end
  -- one answers for all, so they take turns
  local turn = why == 'streak' and 1 or redis.call('HINCRBY', question, 'turn', 1)
  redis.call('HSET', question, 'by', given.asker, 'at', now())
  local control = candidates[(turn - 1) % #candidates + 1]
  return { 'ask', control, spelling(control) }
end

function commands.known(given)
  heardOf(given)
  if heldFor() then
    redis.call('HSET', hold, 'over', now())
    redis.call('PEXPIRE', hold, underWay)
  end
  return 1
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
