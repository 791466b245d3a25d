-- The circuit. Before it come local variables for the keys and constants of script.ts, and `clock()`, Redis' time in epoch
-- ms. Each act gets its arguments as texts, and is indivisible.

local commands = {}

-- so many transient failures in a row, of at least two tests and without an answer between them, are an outage
local failuresInARow = 5
-- the first wait before a request probes, ms; each further one is twice as long
local firstWait, longestWait = 5000, 300000

-- how long a pause that is on still lasts; a clock that was set back does not make it longer than it was
local function paused()
  local known = redis.call('HMGET', pause, 'until', 'ms')
  return math.min(tonumber(known[1] or 0) - clock(), tonumber(known[2] or hour))
end

-- no process is granted a start for so long, nor before the end of a pause
local function wait(ms)
  ms = math.ceil(math.max(ms, paused(), 1))
  redis.call('HSET', circuit, 'until', string.format('%.0f', clock() + ms), 'ms', ms)
  redis.call('SET', limiter, blocked, 'PX', ms)
  return ms
end

local function waitAfter(probes)
  return math.min(firstWait * 2 ^ probes, longestWait)
end

-- the request that probed has not closed the circuit
local function probeFailed(ms)
  redis.call('HINCRBY', circuit, 'failed', 1)
  return wait(ms)
end

local function open(cause, why, asked)
  redis.call('DEL', failures)
  redis.call('HSET', circuit, 'cause', cause, 'why', why, 'since', string.format('%.0f', clock()), 'probes', 0,
    'failed', 0)
  return wait(math.max(firstWait, asked))
end

-- closes the circuit: the next start is an interval after the last one, or after the pause that is on
local function close()
  local since = redis.call('HGET', circuit, 'since')
  redis.call('DEL', circuit, failing)
  local last = (redis.call('LINDEX', starts, 0) or 0) / 1000
  local interval = tonumber(redis.call('HGET', meta, 'duration') or 0)
  local left = math.min(math.ceil(last + interval - clock()), interval)
  if paused() > 0 then redis.call('SET', limiter, blocked, 'PX', math.ceil(paused()))
  elseif left > 0 then redis.call('SET', limiter, 1, 'PX', left)
  else redis.call('DEL', limiter) end
  return since
end

-- counts a failure once, also when the act is sent again. @return what it means, and when a request may probe, ms
function commands.failed(test, startedAt, openTests, probing, askedMs, why)
  local asked, alone = tonumber(askedMs), tonumber(openTests) <= 1
  redis.call('SADD', failing, test)
  local known = redis.call('HMGET', circuit, 'cause', 'probes', 'until')
  if known[1] then
    if known[1] == 'outage' and alone then close() return { 'counts', 0 } end
    if probing ~= '1' then return { 'open', math.max(0, known[3] - clock()) } end
    if known[1] == 'outage' then redis.call('HSET', circuit, 'why', why) end
    return { 'open', probeFailed(math.max(waitAfter(known[2]), asked)) }
  end
  if redis.call('HGET', failures, 'last') ~= startedAt .. test then
    redis.call('HSET', failures, 'last', startedAt .. test)
    redis.call('HINCRBY', failures, 'count', 1)
  end
  local row, tests = tonumber(redis.call('HGET', failures, 'count')), redis.call('SCARD', failing)
  if row < failuresInARow or tests < 2 or alone then return { 'counts', 0 } end
  return { 'opened', open('outage', why, asked) }
end

-- @return since when the circuit, which is closed now, had been open for this cause; empty when it was not
function commands.answered(cause)
  redis.call('DEL', failures)
  if redis.call('HGET', circuit, 'cause') ~= cause then
    redis.call('DEL', failing)
    return ''
  end
  return close() or ''
end

function commands.hold(why)
  if redis.call('HGET', circuit, 'cause') == 'controls' then return 0 end
  open('controls', why, 0)
  return 1
end

function commands.giveBack()
  if redis.call('EXISTS', circuit) == 0 then return 0 end
  redis.call('HINCRBY', circuit, 'probes', -1)
  redis.call('HSET', circuit, 'until', string.format('%.0f', clock()))
  if paused() <= 0 then redis.call('DEL', limiter) end
  return 1
end

function commands.stillOpen()
  local probes = redis.call('HGET', circuit, 'probes')
  return probes and probeFailed(waitAfter(probes)) or 0
end
