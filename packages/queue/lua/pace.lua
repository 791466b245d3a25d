-- The pace. Before it come local variables for the keys and constants of script.ts, and `clock()`, Redis' time in epoch
-- ms. Each act gets its arguments as texts, and is indivisible.

local commands = {}

-- whether this Redis is another one than at the last request, or was restarted
local function anotherServer()
  local info = redis.pcall('INFO', 'server')
  local id = type(info) == 'string' and string.match(info, 'run_id:(%x+)')
  if not id then return false end
  local before = redis.call('HGET', pause, 'server')
  if before ~= id then redis.call('HSET', pause, 'server', id) end
  return before and before ~= id
end

-- whether a wait goes on; then nothing is granted until its end, also where the limiter's key was lost. A longer time left than it
-- was meant to last is from before the clock was set back
local function waits(ends, ms)
  local left = tonumber(ends or 0) - clock()
  if left <= 0 or left > tonumber(ms or 0) then return false end
  redis.call('SET', limiter, blocked, 'PX', math.ceil(left))
  return true
end

-- The last look before a request goes out. It may go if the limit is set, no pause has begun, no other process was
-- granted a start since its own grant, and the last start is long enough ago (it may not be when the limit was lost). A
-- start that comes late starts a full new interval, and so does a Redis that may have lost the last second of starts
-- (fail-over, restart). While the circuit is open, the first permit after its wait is the request that probes; until its
-- outcome is noted, or its lease has run out, no other is given.
-- @return `go`, when (epoch ms), refusals in a row, and what is wrong; or why it may not go
function commands.permit(own, lateMs, asks, leaseMs, test)
  local late, lease = tonumber(lateMs), tonumber(leaseMs)
  local limit = redis.call('HMGET', meta, 'max', 'duration')
  local interval = tonumber(limit[2] or -1)
  if tonumber(limit[1] or 0) ~= 1 or interval < tonumber(own) then return { 'unlimited' } end
  if tonumber(redis.call('GET', limiter) or 0) > 1 then return { 'late' } end
  local paused = redis.call('HMGET', pause, 'until', 'ms')
  if waits(paused[1], paused[2]) then return { 'late' } end
  local time = redis.call('TIME')
  if interval > 0 then
    if anotherServer() then
      redis.call('SET', limiter, blocked, 'PX', math.max(interval, redis.call('PTTL', limiter)))
      return { 'late' }
    end
    local tolerance = math.max(5, interval * 0.005)
    local left = redis.call('PTTL', limiter)
    if late > tolerance and left > math.max(0, 1.5 * interval - late) then return { 'late' } end
    local passed = time[1] * 1000 + time[2] / 1000 - (redis.call('LINDEX', starts, 0) or 0) / 1000
    -- the limiter counts whole milliseconds; a clock that was set back stops no request
    if passed >= 0 and passed < interval - tolerance - 2 then return { 'late' } end
    if left < interval - tolerance then redis.call('SET', limiter, 1, 'PX', interval) end
  end
  local open = redis.call('HMGET', circuit, 'cause', 'until', 'ms', 'probes')
  if open[1] then
    if asks == 'test' and open[1] == 'controls' then return { 'held' } end
    if asks == 'streak' and open[1] == 'outage' then return { 'outage' } end
    -- a test that has failed before may fail for its own reasons, and block others: every other time a test that is
    -- known to answer is asked instead
    local failedBefore = open[1] == 'outage' and redis.call('SISMEMBER', failing, test) == 1
    if asks == 'test' and failedBefore and (open[4] or 0) % 2 == 0 then return { 'ask a control' } end
    if waits(open[2], open[3]) then return { 'late' } end
    redis.call('HINCRBY', circuit, 'probes', 1)
    redis.call('HSET', circuit, 'until', string.format('%.0f', clock() + lease), 'ms', lease)
    redis.call('SET', limiter, blocked, 'PX', lease)
  end
  redis.call('LPUSH', starts, time[1] .. string.format('%06d', time[2]))
  redis.call('LTRIM', starts, 0, keptStarts - 1)
  local streak = redis.call('HGET', pause, 'streak') or '0'
  local trouble = open[1] and 'probing' or redis.call('EXISTS', failures) == 1 and 'failures' or ''
  return { 'go', string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000)), streak, trouble }
end

-- makes the next start wait a full interval from now: this one came late
function commands.lengthen()
  local interval = tonumber(redis.call('HGET', meta, 'duration') or 0)
  local left = redis.call('PTTL', limiter)
  if interval > 0 and left < interval then
    redis.call('SET', limiter, redis.call('GET', limiter) or 1, 'PX', interval)
  end
  return 1
end

-- Pauses all workers; a pause is only ever lengthened. A refusal (429) lengthens the streak if its request started after
-- the last pause; if it names no time (-1), the pause doubles from a minute to fifteen.
-- @return how long it lasts, and for how long there have been only refusals (ms)
function commands.pauseAll(own, startedAt, askedMs, cause)
  local asked, now = tonumber(askedMs), clock()
  local known = redis.call('HMGET', pause, 'until', 'streak', 'since')
  local ends, streak, since = tonumber(known[1] or 0), tonumber(known[2] or 0), tonumber(known[3] or now)
  if cause == 'refused' then
    if now - ends > 900000 then streak, since = 0, now end
    if tonumber(startedAt) >= ends or streak == 0 then streak = streak + 1 end
    redis.call('HSET', pause, 'streak', streak, 'since', string.format('%.0f', since))
  end
  local ms = asked >= 0 and asked or math.min(60000 * 2 ^ (math.max(streak, 1) - 1), 900000)
  ms = math.ceil(math.min(math.max(ms, tonumber(own), 1), hour))
  -- stored whatever the limiter says: the wait of an open circuit may be longer now, and end sooner
  if ends < now + ms then
    redis.call('HSET', pause, 'until', string.format('%.0f', now + ms), 'cause', cause, 'ms', ms)
  end
  local left = redis.call('PTTL', limiter)
  if left < ms then
    redis.call('SET', limiter, blocked, 'PX', ms)
    left = ms
  end
  return { left, string.format('%.0f', now - since) }
end

-- Registers a process (if one is named) and sets the limit to the longest interval of all that are alive. Where no limit
-- was set, the start of the last request is unknown, so no request starts for one interval. A Redis whose clock was set
-- back has lengthened every wait by as much: none may be longer than it was meant to be.
-- @return the interval in force
function commands.attach(own, id, record)
  local now, longest = clock(), tonumber(own)
  if id ~= '' then
    local self = cjson.decode(record)
    self.seenAt = now
    redis.call('HSET', processes, id, cjson.encode(self))
  end
  local all = redis.call('HGETALL', processes)
  for index = 1, #all, 2 do
    local other = cjson.decode(all[index + 1])
    if other.seenAt > now then
      other.seenAt = now
      redis.call('HSET', processes, all[index], cjson.encode(other))
    end
    if now - other.seenAt > 15000 then redis.call('HDEL', processes, all[index])
    elseif other.intervalMs > longest then longest = other.intervalMs end
  end
  if redis.call('HGET', meta, 'max') ~= '1' and redis.call('PTTL', limiter) < longest and longest > 0 then
    redis.call('SET', limiter, blocked, 'PX', longest)
  end
  redis.call('HSET', meta, 'max', 1, 'duration', longest)

  local left = redis.call('PTTL', limiter)
  local longestWait = math.max(longest, 1)
  for _, key in ipairs({ pause, circuit }) do
    local known = redis.call('HMGET', key, 'until', 'ms')
    local ends = tonumber(known[1] or 0)
    local ms = tonumber(known[2] or math.min(math.max(ends - now, 0), hour))
    if ends > now + ms then
      -- a pause that the limiter does not hold was over before the clock was set back
      if key == pause then ms = math.min(ms, math.max(left, 0)) end
      redis.call('HSET', key, 'until', string.format('%.0f', now + ms))
    end
    if ends > now and ms > longestWait then longestWait = ms end
  end
  if tonumber(redis.call('HGET', circuit, 'since') or 0) > now then
    redis.call('HSET', circuit, 'since', string.format('%.0f', now))
  end
  if left == -1 or left > longestWait then redis.call('PEXPIRE', limiter, longestWait) end
  return longest
end
