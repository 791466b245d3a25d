-- a listing but for the run that has seen it; quotes within a title are escaped, so only the field itself matches
local function shown(text)
  return (string.gsub(text, ',"run":"%d*"', '', 1))
end

local function list(page, test)
  local before = redis.call('HGET', listing, test.uuid)
  if before == test.listing then return end
  local same = before and shown(before) == shown(test.listing)
  if not before then
    redis.call('ZADD', catalogue, 0, test.uuid)
  elseif not same then
    local known = cjson.decode(before)
    if known.run == page.run and known.position > page.position then return end
  end
  redis.call('HSET', listing, test.uuid, test.listing)
  if not same then changed() end
end

-- forgets what has to be asked again, unless that was done when the test was opened
local function dropEvidence(uuid, verdict)
  if not verdict or redis.call('HEXISTS', open, uuid) == 1 then return dropStale(uuid) end
  if verdict.provisionalUntil then return dropAbsence(uuid, clock()) end
  redis.call('HDEL', evidence, uuid)
end

-- whether a test is probed again: it had no sessions, or what was absent may exist by now
local function dueAgain(verdict, run)
  if verdict.provisionalUntil then return verdict.provisionalUntil <= clock() end
  -- a run from before the clock was set back cannot know which tests it has checked: the next one checks them
  return verdict.category == 'no sessions' and run.startedAt <= clock() and not since(verdict.at, run.startedAt)
end

-- @return the tests to enqueue, each followed by why
function commands.savePage(page)
  local run = load(runs, page.run)
  if not run then return redis.error_reply('RUNLOST') end
  local enqueue = {}
  -- the verdicts that the listing gives to tests that no run waits for, and that have not failed, are counted for the
  -- run in one go: this is most of each page
  local declared, outcomes = 0, {}

  local function declare(test)
    local known = redis.call('HEXISTS', open, test.uuid) + redis.call('HEXISTS', errors, test.uuid) > 0
    if known then openFor(page.run, test.uuid) end
    decide(test.uuid, test.verdict)
    if known then return endWaiting(test.uuid, test.verdict.category) end
    declared = declared + 1
    outcomes[test.verdict.category] = (outcomes[test.verdict.category] or 0) + 1
  end

  for _, test in ipairs(page.tests) do
    list(page, test)
    if test.known then mayBeControl(test.uuid) end
    local verdict = load(verdicts, test.uuid)
    if not verdict or dueAgain(verdict, run) then
      if test.verdict then
        declare(test)
      elseif page.probe and not since(failedAt(test.uuid), page.joinedAt) then
        dropEvidence(test.uuid, verdict)
        openFor(page.run, test.uuid)
        enqueue[#enqueue + 1] = test.uuid
        enqueue[#enqueue + 1] = verdict and 'recheck' or 'new'
      end
    end
  end
  if declared > 0 then
    run = load(runs, page.run)
    run.selected = run.selected + declared
    for category, count in pairs(outcomes) do run.outcomes[category] = (run.outcomes[category] or 0) + count end
    save(runs, page.run, run)
  end
  return enqueue
end

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
    workspace.listedAt = run.startedAt
    save(workspaces, given.workspace, workspace)
  end
  if redis.call('HDEL', errors, 'workspace:' .. given.workspace) == 1 then changed() end
  return 1
end

function commands.failWorkspace(given)
  redis.call('HSET', errors, 'workspace:' .. given.workspace, stamped(given.failure))
  changed()
  return 1
end

-- times of cursors are Redis' own: another process may continue where one was interrupted
function commands.saveCursor(given)
  save(cursors, given.workspace, { run = given.run, cursor = given.cursor, at = clock() })
  return 1
end

function commands.readCursor(given)
  local saved = load(cursors, given.workspace)
  if not saved or saved.run ~= given.run or clock() - saved.at >= given.maxAge then return false end
  return saved.cursor
end
