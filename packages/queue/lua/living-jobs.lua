-- When a job lives: its record names the test, and a list has it or a worker is processing it. What is left of a dead job
-- keeps its test from being enqueued: the mark of the test, and the record. Before this come local variables for BullMQ's
-- keys (living-jobs.ts); `base` is how the keys of its records begin. Each act gets all arguments, its own name first: they may
-- be more than a Lua function takes.

local commands = {}

local function listed(id)
  return redis.call('ZSCORE', prioritized, id) or redis.call('ZSCORE', delayed, id)
    or redis.call('LPOS', active, id) or redis.call('LPOS', wait, id)
end

local function lives(id, uuid)
  if redis.call('HGET', base .. id, 'deid') ~= uuid then return false end
  return listed(id) or redis.call('EXISTS', base .. id .. ':lock') == 1
end

-- @return those of the tests that have no living job, each followed by `unmarked`, or by `dead` where its job was removed
function commands.without(args)
  local counter = base .. 'id'
  -- a counter that was lost would give the numbers of existing jobs again
  if redis.call('EXISTS', counter) == 0 and redis.call('EXISTS', unpack(KEYS)) > 0 then
    redis.call('SET', counter, redis.call('TIME')[1] .. '000')
  end
  local found = {}
  for index = 2, #args do
    local uuid = args[index]
    local mark = base .. 'de:' .. uuid
    local id = redis.call('GET', mark)
    if not id then
      found[#found + 1] = uuid
      found[#found + 1] = 'unmarked'
    elseif not lives(id, uuid) then
      redis.call('DEL', mark)
      local kept = redis.call('ZSCORE', completed, id) or redis.call('ZSCORE', failed, id)
      local own = redis.call('HGET', base .. id, 'deid') == uuid
      if own and not kept then redis.call('DEL', base .. id) end
      found[#found + 1] = uuid
      found[#found + 1] = 'dead'
    end
  end
  return found
end

-- @return the jobs at the front of the queue: id, test, and `twice` where another job lives for the same test
function commands.inFront(args)
  local most = tonumber(args[2])
  local ids = redis.call('LRANGE', wait, -most, -1)
  for _, set in ipairs({ prioritized, delayed }) do
    for _, id in ipairs(redis.call('ZRANGE', set, 0, most - 1)) do ids[#ids + 1] = id end
  end
  local jobs = {}
  for _, id in ipairs(ids) do
    local uuid = redis.call('HGET', base .. id, 'deid')
    if uuid then
      local mark = base .. 'de:' .. uuid
      local marked = redis.call('GET', mark)
      local twice = marked and marked ~= id and lives(marked, uuid)
      if not twice and marked ~= id then redis.call('SET', mark, id) end
      jobs[#jobs + 1] = id
      jobs[#jobs + 1] = uuid
      jobs[#jobs + 1] = twice and 'twice' or 'once'
    elseif redis.call('HEXISTS', base .. id, 'data') == 0 then
      redis.call('ZREM', prioritized, id)
      redis.call('ZREM', delayed, id)
      redis.call('LREM', wait, 0, id)
      redis.call('DEL', base .. id)
    end
  end
  return jobs
end

-- marks the tests that some of the jobs are for, where one of these tests has lost its mark.
-- @return how many jobs there were, and the tests that have one
function commands.restoreMarks(args)
  local wanted, from, to = {}, args[2], args[3]
  for index = 4, #args do wanted[args[index]] = true end
  local ids = {}
  for _, set in ipairs({ prioritized, delayed }) do
    for _, id in ipairs(redis.call('ZRANGE', set, from, to)) do ids[#ids + 1] = id end
  end
  for _, list in ipairs({ wait, active }) do
    for _, id in ipairs(redis.call('LRANGE', list, from, to)) do ids[#ids + 1] = id end
  end
  local marked = {}
  for _, id in ipairs(ids) do
    local uuid = redis.call('HGET', base .. id, 'deid')
    if uuid and wanted[uuid] then
      redis.call('SET', base .. 'de:' .. uuid, id, 'NX')
      marked[#marked + 1] = uuid
    end
  end
  return { #ids, marked }
end
