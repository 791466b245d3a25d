-- The workspaces, and what is known of their tests once they are listed whole.

function commands.saveWorkspaces(given)
  for index, workspace in ipairs(given.workspaces) do
    local record, position = load(workspaces, workspace.uuid) or { listedAt = 0 }, index - 1
    if record.name ~= workspace.name or record.position ~= position then
      record.name = workspace.name
      record.position = position
      save(workspaces, workspace.uuid, record)
      changed()
    end
  end
  return 1
end

function commands.finishWorkspace(given)
  redis.call('HDEL', cursors, given.workspace)
  local workspace, run = load(workspaces, given.workspace), load(runs, given.run)
  if workspace and run then
    -- what an older version knew to be gone by then is no change
    workspace.from = workspace.from or workspace.listedAt
    if workspace.listedAt ~= run.startedAt then
      workspace.listedAt = run.startedAt
      save(workspaces, given.workspace, workspace)
    end
  end
  local key = 'workspace:' .. given.workspace
  local failure = redis.call('HGET', errors, key)
  if failure then
    redis.call('HDEL', errors, key)
    noteFor(given.run, { test = key, kinds = { 'error_gone' }, undoes = newInOf(failure) })
    changed()
  end
  return 1
end

function commands.failWorkspace(given)
  local key = 'workspace:' .. given.workspace
  local before = redis.call('HGET', errors, key)
  if not before then noteFor(given.run, { test = key, kinds = { 'error_new' }, why = given.type }) end
  redis.call('HSET', errors, key, stamped(given.failure, before and newInOf(before) or given.run))
  changed()
  return 1
end

-- notes which tests the listings of a run no longer have, some of them in each call.
-- @return where the next call continues, 0 at the end
function commands.noteUnlisted(given)
  local run = load(runs, given.run)
  if not run then return redis.error_reply('RUNLOST') end
  -- every test that may be missing was seen, and none is to be moved
  local wasSeen = run.seen == redis.call('ZCARD', catalogue) - redis.call('HLEN', unlisted)
  if wasSeen and redis.call('EXISTS', elsewhere) == 0 then return '0' end
  local loaded = {}
  local function recall(hash, field)
    loaded[field] = loaded[field] or load(hash, field) or {}
    return loaded[field]
  end
  local answer = redis.call('HSCAN', listing, given.cursor, 'COUNT', 1000)
  for index = 1, #answer[2], 2 do
    local uuid, text = answer[2][index], answer[2][index + 1]
    local last = seenBy(text)
    local kept = last ~= given.run and take(elsewhere, uuid)
    if kept and seenBy(kept) == given.run then
      -- nobody knows where it belongs if its workspace could not be listed
      if not since(failedAt('workspace:' .. cjson.decode(text).workspace), run.startedAt) then
        redis.call('HSET', listing, uuid, kept)
        changed()
      end
    elseif last ~= given.run then
      local workspace = recall(workspaces, cjson.decode(text).workspace)
      -- by another run at the same time
      local listedSince = (recall(runs, last).pagedAt or 0) >= run.startedAt
      if workspace.listedAt == run.startedAt and not listedSince and redis.call('HEXISTS', unlisted, uuid) == 0 then
        -- an imported test may have been gone for long
        local isChange = last ~= '' and tonumber(last) >= (workspace.from or workspace.listedAt)
        redis.call('HSET', unlisted, uuid, isChange and given.run or '')
        if isChange then
          local change = { test = uuid, kinds = { 'unlisted' } }
          note(change, given.run)
          count(run, change)
        end
      end
    end
  end
  save(runs, given.run, run)
  return answer[1]
end
