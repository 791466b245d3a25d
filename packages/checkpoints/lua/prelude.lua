-- The basics of all scripts. Before them come a local variable for each key (keys.ts), the constants that TypeScript knows
-- too (script.ts), and `clock()`, Redis' time in epoch ms. Behind them follow changes.lua, outcomes.lua, doubt.lua, then the
-- file of the subject. Each script is one indivisible act.

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

-- the run that has seen a test last, in the text of its listing; empty for an imported one
local function seenBy(text)
  return string.match(text, '"run":"(%d*)"')
end

-- whether a run is one of those that wait for a test. @param ids value of `open`, or nil
local function names(ids, run)
  return ids and string.find(',' .. ids .. ',', ',' .. run .. ',', 1, true) ~= nil
end

local exists = {}
-- takes a field out of a hash that is empty most of the time. @return its value, or nil
local function take(hash, field)
  if exists[hash] == nil then exists[hash] = redis.call('EXISTS', hash) == 1 end
  local value = exists[hash] and redis.call('HGET', hash, field)
  if value then redis.call('HDEL', hash, field) end
  return value or nil
end
