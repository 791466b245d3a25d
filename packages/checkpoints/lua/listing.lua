-- adds to the end of a list. @param second may be missing
local function append(list, first, second)
  list[#list + 1] = first
  list[#list + 1] = second
end

-- how many arguments a command gets at once; even, for pairs
local atOnce = 1000

-- the values of fields of a hash, by field; false or nil where it has none
local function valuesOf(hash, fields)
  local values = {}
  if redis.call('EXISTS', hash) == 0 then return values end
  for from = 1, #fields, atOnce do
    local some = redis.call('HMGET', hash, unpack(fields, from, math.min(from + atOnce - 1, #fields)))
    for index, value in ipairs(some) do values[fields[from + index - 1]] = value end
  end
  return values
end

-- calls a command with any number of arguments behind its key
local function callWith(command, key, args)
  for from = 1, #args, atOnce do
    redis.call(command, key, unpack(args, from, math.min(from + atOnce - 1, #args)))
  end
end

-- a listing but for the run that has seen it; quotes within a title are escaped, so only the field itself matches
local function shown(text)
  return (string.gsub(text, ',"run":"%d*"', '', 1))
end

-- the run that has seen a test last; empty for an imported one
local function seenBy(text)
  return string.match(text, '"run":"(%d*)"')
end

-- whether this run may still find a test where an earlier one has: in a later workspace, which it has not listed yet
local function mayBeThere(other, page, uuid)
  local place = load(workspaces, other.workspace)
  return place and place.position > page.position and place.listedAt ~= page.startedAt
    and (page.selection == 'all' or names(page.selection, other.workspace))
    and redis.call('HEXISTS', unlisted, uuid) == 0
end

-- keeps a listing until it is known whether the test still belongs to a later workspace. @return as `list`
local function putAside(page, test)
  local kept = load(elsewhere, test.uuid)
  local isOurs = kept and kept.run == page.run
  if not isOurs or kept.position < page.position then redis.call('HSET', elsewhere, test.uuid, test.listing) end
  return isOurs and 0 or 1, false
end

-- @param known of the tests of the page @param change gets what is new about it @param stored gets what is to be stored
-- @return 1 when this run sees it for the first time, else 0; and whether it belongs to this workspace
local function list(page, test, known, change, stored)
  local before, text = known.listing[test.uuid], test.listing
  if before == text then return 0, true end
  local same, last = before and shown(before) == shown(text), before and seenBy(before)
  if not before then append(stored.catalogue, 0, test.uuid)
  elseif not same then
    local other = cjson.decode(before)
    if last == page.run and other.position > page.position then return 0, false end
    if last ~= page.run and mayBeThere(other, page, test.uuid) then return putAside(page, test) end
  end
  local kept = take(elsewhere, test.uuid)
  local isKept = kept and seenBy(kept) == page.run
  if isKept and cjson.decode(kept).position > page.position then text = kept end
  -- a later run that goes on at the same time
  local isLate = last and last > page.run and tonumber(last) <= clock()
  if isLate then text = string.gsub(text, '"run":"%d*"', '"run":"' .. last .. '"', 1) end
  append(stored.listing, test.uuid, text)
  if not same then changed() end
  -- where Redis has lost a listing, the test is not new
  if not (before or known.verdicts[test.uuid] or known.errors[test.uuid]) then change.kinds = { 'new' } end
  change.undoes = take(unlisted, test.uuid)
  if change.undoes then
    change.kinds = { 'listed_again' }
    changed()
  end
  return (last == page.run or isKept or isLate) and 0 or 1, true
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

local function add(sums, counts)
  for name, by in pairs(counts) do sums[name] = (sums[name] or 0) + by end
  return sums
end

-- what is stored of the tests of a page, read at once: field by field each costs several times as much
local function recall(page)
  local uuids = {}
  for index, test in ipairs(page.tests) do uuids[index] = test.uuid end
  return {
    listing = valuesOf(listing, uuids),
    verdicts = valuesOf(verdicts, uuids),
    errors = valuesOf(errors, uuids),
    open = valuesOf(open, uuids),
    evidence = valuesOf(evidence, uuids),
  }
end

local function saveCursor(workspace, run, cursor)
  -- the time is Redis' own: another process may continue where one was interrupted
  save(cursors, workspace, { run = run, cursor = cursor, at = clock() })
end

-- @return the tests to enqueue, each followed by why
function commands.savePage(page)
  local run = load(runs, page.run)
  if not run then return redis.error_reply('RUNLOST') end
  page.selection, page.startedAt = run.selection, run.startedAt
  local known, stored = recall(page), { listing = {}, catalogue = {}, verdicts = {}, decided = {}, counts = {} }
  local enqueue = {}
  -- by verdict, what it is stored as where a test had none before
  local texts = {}
  -- the verdicts that the listing gives to tests that no run waits for, and that have not failed, are counted for the
  -- run in one go: this is most of each page
  local declared, outcomes, counted, seen = 0, {}, { id = page.run, changes = {} }, 0

  -- @param change what the listing has changed about the test
  local function declare(test, change)
    local uuid, verdict = test.uuid, page.verdicts[test.verdict]
    if known.open[uuid] or known.errors[uuid] then
      local outcome = { test = uuid, kinds = {} }
      openFor(page.run, uuid)
      decide(uuid, verdict, outcome)
      note(outcome, redis.call('HGET', open, uuid))
      return endWaiting(uuid, verdict.category, outcome)
    elseif known.verdicts[uuid] or known.evidence[uuid] then
      decide(uuid, verdict, change)
    else
      -- nothing is known of it: most of a first listing, and stored with the others
      describe(uuid, verdict, nil, false, change)
      local text = not verdict.was and texts[verdict] or cjson.encode(verdict)
      texts[verdict] = not verdict.was and text or nil
      append(stored.verdicts, uuid, text)
      append(stored.decided, uuid)
      feed(uuid, text)
      add(stored.counts, { [verdict.category .. '|' .. verdict.rule] = 1 })
    end
    declared = declared + 1
    add(outcomes, { [verdict.category] = 1 })
  end

  for _, test in ipairs(page.tests) do
    local text, change = known.verdicts[test.uuid], { test = test.uuid, kinds = {} }
    local verdict = text and cjson.decode(text) or nil
    local first, isHere = list(page, test, known, change, stored)
    seen = seen + first
    if test.known then mayBeControl(test.uuid) end
    local declared = isHere and verdict and verdict.source == 'declared' and page.verdicts[test.verdict]
    if not verdict or declared and declared.category ~= verdict.category or dueAgain(verdict, run) then
      if test.verdict then
        declare(test, change)
      elseif page.probe and not since(failedAt(test.uuid), page.joinedAt) then
        dropEvidence(test.uuid, verdict)
        openFor(page.run, test.uuid)
        append(enqueue, test.uuid, verdict and 'recheck' or 'new')
      end
    end
    note(change, page.run)
    count(counted, change)
  end
  callWith('ZADD', catalogue, stored.catalogue)
  callWith('HSET', listing, stored.listing)
  callWith('HSET', verdicts, stored.verdicts)
  callWith('ZREM', provisional, stored.decided)
  for name, by in pairs(stored.counts) do redis.call('HINCRBY', counts, name, by) end
  if page.cursor and #enqueue == 0 then saveCursor(page.workspace, page.run, page.cursor) end
  if seen + declared == 0 and not next(counted.changes) then return enqueue end
  run = load(runs, page.run)
  run.pagedAt = clock()
  run.seen = (run.seen or 0) + seen
  run.selected = run.selected + declared
  add(run.outcomes, outcomes)
  if run.changes then add(run.changes, counted.changes) end
  if next(counted.changes) then spanChanges(run) end
  run.undid = run.undid or counted.undid
  save(runs, page.run, run)
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
  -- every test that may be missing was seen
  if redis.call('EXISTS', elsewhere) == 0 and run.seen == redis.call('ZCARD', catalogue) - redis.call('HLEN', unlisted) then return '0' end
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
      if redis.call('HEXISTS', errors, 'workspace:' .. cjson.decode(text).workspace) == 0 then
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

function commands.saveCursor(given)
  saveCursor(given.workspace, given.run, given.cursor)
  return 1
end

function commands.readCursor(given)
  local saved = load(cursors, given.workspace)
  if not saved or saved.run ~= given.run or clock() - saved.at >= given.maxAge then return false end
  return saved.cursor
end
