-- opens for a run those of the tests that `select` wants. @return all of them that the run waits for
local function openSelected(given, select)
  local run = load(runs, given.run)
  if not run then return redis.error_reply('RUNLOST') end
  local opened = {}
  for _, uuid in ipairs(given.uuids) do
    local ids = redis.call('HGET', open, uuid)
    local ours = names(ids, given.run)
    if not ours and select(uuid, ids, run) then
      openFor(given.run, uuid)
      ours = true
    end
    if ours then opened[#opened + 1] = uuid end
  end
  return opened
end

function commands.retry(given)
  return openSelected(given, function(uuid, ids)
    local failed = redis.call('HEXISTS', errors, uuid) == 1 and redis.call('HEXISTS', listing, uuid) == 1
    if ids or not failed then return false end
    local verdict = load(verdicts, uuid)
    if verdict and verdict.category == 'no sessions' then redis.call('HDEL', evidence, uuid) end
    dropStale(uuid)
    return true
  end)
end

function commands.audit(given)
  return openSelected(given, function(uuid, ids, run)
    local verdict, known = load(verdicts, uuid), load(audited, uuid)
    local done = known and since(known.at, run.startedAt)
    if done or not verdict or verdict.source ~= 'declared' then return false end
    if not ids then dropStale(uuid) end
    redis.call('HDEL', audited, uuid)
    return true
  end)
end

-- opens some of the unconfirmed tests for a run, once: if the API now knows one of them, the others are opened too
function commands.openUnconfirmed(given)
  if not load(runs, given.run) then return redis.error_reply('RUNLOST') end
  if redis.call('EXISTS', unconfirmed) == 0 or redis.call('EXISTS', reasked) == 1 then return {} end
  local opened = {}
  for _, uuid in ipairs(redis.call('SRANDMEMBER', unconfirmed, given.most)) do
    if redis.call('HEXISTS', open, uuid) == 0 then
      redis.call('HDEL', evidence, uuid)
      openFor(given.run, uuid)
      opened[#opened + 1] = uuid
    end
  end
  redis.call('SET', reasked, 1)
  return opened
end

-- @return tests, each followed by what was done with it
function commands.reclassify(given)
  if rulesInForce() ~= given.rules then return redis.error_reply('RULESCHANGED') end
  if given.run and not load(runs, given.run) then return redis.error_reply('RUNLOST') end
  local done = {}
  local function say(uuid, what)
    done[#done + 1] = uuid
    done[#done + 1] = what
  end
  for _, test in ipairs(given.tests) do
    local ids, before = redis.call('HGET', open, test.uuid), load(verdicts, test.uuid)
    local same = before and before.rule == test.before.rule and before.at == test.before.at
    if ids then
      if given.run and names(ids, given.run) then say(test.uuid, 'opened') end
    elseif same and test.verdict then
      local change = { test = test.uuid, kinds = {} }
      if before.category == test.verdict.category then
        settle(test.uuid, test.verdict, change)
        changed()
      else
        decide(test.uuid, test.verdict, change)
      end
      if given.run then noteFor(given.run, change) else note(change, '') end
      say(test.uuid, 'changed')
    elseif same and given.run then
      dropStale(test.uuid)
      openFor(given.run, test.uuid)
      say(test.uuid, 'opened')
    end
  end
  return done
end

-- @return those that were known, each followed by whether it was open
function commands.forget(given)
  local forgotten = {}
  for _, key in ipairs(given.keys) do
    local place, wasOpen = load(listing, key), endWaiting(key, 'forgotten')
    uncount(key)
    local removed = redis.call('ZREM', catalogue, key)
    redis.call('HDEL', elsewhere, key)
    for _, hash in ipairs({ listing, evidence, verdicts, errors, retries, audited, streak, absences, unlisted, withdrawn }) do
      removed = removed + redis.call('HDEL', hash, key)
    end
    for _, set in ipairs({ provisional, controls }) do redis.call('ZREM', set, key) end
    redis.call('SREM', unconfirmed, key)
    if place then redis.call('HDEL', cursors, place.workspace) end
    if wasOpen or removed > 0 then
      changed()
      forgotten[#forgotten + 1] = key
      forgotten[#forgotten + 1] = wasOpen and 1 or 0
    end
  end
  return forgotten
end
