local keptRuns = 30

-- the latest run of a selection. If Redis has lost which one that is, it is looked up in the runs
local function latestOf(selection)
  local latest = redis.call('HGET', current, selection)
  if latest then return latest end
  for _, id in ipairs(redis.call('HKEYS', runs)) do
    if load(runs, id).selection == selection and (not latest or id > latest) then latest = id end
  end
  if latest then redis.call('HSET', current, selection, latest) end
  return latest
end

-- a listing that continues from its cursor would skip the tests that have ended in errors
local function listFailedTestsAgain()
  for _, key in ipairs(redis.call('HKEYS', errors)) do
    if string.sub(key, 1, 10) ~= 'workspace:' then return redis.call('DEL', cursors) end
  end
end

local function dropOldRuns(but)
  local ids = redis.call('HKEYS', runs)
  table.sort(ids)
  for index = 1, #ids - keptRuns do
    local old = load(runs, ids[index])
    if old.open == 0 and ids[index] ~= but then
      redis.call('HDEL', runs, ids[index])
      if redis.call('HGET', current, old.selection) == ids[index] then redis.call('HDEL', current, old.selection) end
    end
  end
end

-- @return id, time of joining, and 1 when an unfinished run continues
function commands.start(given)
  local joinedAt, latest = now(), latestOf(given.selection)
  local run = latest and load(runs, latest)
  if run and not run.finishedAt and (run.open > 0 or not run.listed) then
    run.listed, run.endedAt = false, nil
    save(runs, latest, run)
    listFailedTestsAgain()
    return { latest, joinedAt, 1 }
  end
  -- runs that begin in the same millisecond have an order too
  local id = joinedAt
  while redis.call('HEXISTS', runs, id) == 1 do id = string.format('%.0f', tonumber(id) + 1) end
  save(runs, id, {
    id = id,
    selection = given.selection,
    startedAt = tonumber(id),
    listed = false,
    selected = 0,
    open = 0,
    outcomes = {},
    changes = {},
    before = requestsSoFar(),
  })
  redis.call('HSET', current, given.selection, id)
  dropOldRuns(id)
  return { id, joinedAt, 0 }
end

function commands.markListed(given)
  local run = load(runs, given.run)
  if not run then return 0 end
  run.listed = true
  endIfDone(run)
  if given.finish and run.open == 0 then run.finishedAt = run.finishedAt or clock() end
  save(runs, given.run, run)
  return 1
end

function commands.noteVerified(given)
  local run = load(runs, given.run)
  if not run or not run.listed or run.open > 0 or run.verified ~= nil then return 0 end
  run.finishedAt = run.finishedAt or clock()
  run.verified = given.passed
  save(runs, given.run, run)
  return 1
end
