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

-- takes the text of a listing apart; quotes within a title are escaped, so only the field itself matches.
-- @return what is before the run that has seen it, that run, and what is behind it
local function partsOf(text)
  return string.match(text, '^(.-),"run":"(%d*)"(.*)$')
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
  local place, last, own = partsOf(before or '')
  local same = place == page.place and own == test.own
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

-- whether the Results API serves a test, as its type in the listing says (the API reference)
local function isServed(test)
  return string.upper(string.match(test.own, '"type":"([^"]*)"') or '') == 'STUDYV2'
end

-- the tests of a page. Their texts come one by one, as cjson would take longer over them than all the rest: what their
-- listings begin with, then of each its UUID, what is behind the run in its listing, and the number of its declared verdict
local function readTests(page)
  page.place, page.tests = ARGV[3], {}
  local head = page.place .. ',"run":"' .. page.run .. '"'
  for at = 4, #ARGV, 3 do
    local own = ARGV[at + 1]
    append(page.tests, { uuid = ARGV[at], own = own, listing = head .. own, verdict = page.verdicts[tonumber(ARGV[at + 2])] })
  end
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

-- whether the page before this one is saved: it may have failed while this one was on its way
local function followsSaved(page)
  if not page.from then return true end
  local saved = load(cursors, page.workspace)
  return saved and saved.run == page.run and saved.cursor == page.from
end

-- @return the tests to enqueue, each followed by why
function commands.savePage(page)
  local run = load(runs, page.run)
  if not run then return redis.error_reply('RUNLOST') end
  page.selection, page.startedAt = run.selection, run.startedAt
  readTests(page)
  local known, stored = recall(page), { listing = {}, catalogue = {}, verdicts = {}, decided = {} }
  local enqueue = {}
  -- by verdict, what it is stored as where a test had none before, and the reverse: many texts of a page are the same
  local texts, decoded = {}, {}
  -- how many tests get each verdict that no run waits for, and that have not failed: most of each page, counted in one go;
  -- and of how many of them nothing was known
  local given, fresh = {}, {}
  local counted, seen = { id = page.run, changes = {} }, 0

  -- @param change what the listing has changed about the test
  local function declare(test, change)
    local uuid, verdict = test.uuid, test.verdict
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
      fresh[verdict] = (fresh[verdict] or 0) + 1
      feed(uuid, text, false)
    end
    given[verdict] = (given[verdict] or 0) + 1
  end

  for _, test in ipairs(page.tests) do
    local text, change = known.verdicts[test.uuid], { test = test.uuid, kinds = {} }
    if text then decoded[text] = decoded[text] or cjson.decode(text) end
    local verdict = text and decoded[text] or nil
    local first, isHere = list(page, test, known, change, stored)
    seen = seen + first
    if isServed(test) then mayBeControl(test.uuid) end
    local other = isHere and verdict and verdict.source == 'declared' and test.verdict
    if not verdict or other and other.category ~= verdict.category or dueAgain(verdict, run) then
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
  for verdict, by in pairs(fresh) do redis.call('HINCRBY', counts, verdict.category .. '|' .. verdict.rule, by) end
  if page.cursor and #enqueue == 0 and followsSaved(page) then saveCursor(page.workspace, page.run, page.cursor) end
  if seen == 0 and not next(given) and not next(counted.changes) then return enqueue end
  run = load(runs, page.run)
  run.pagedAt = clock()
  run.seen = (run.seen or 0) + seen
  for verdict, by in pairs(given) do
    run.selected = run.selected + by
    run.outcomes[verdict.category] = (run.outcomes[verdict.category] or 0) + by
  end
  for kind, by in pairs(run.changes and counted.changes or {}) do run.changes[kind] = (run.changes[kind] or 0) + by end
  if next(counted.changes) then spanChanges(run) end
  run.undid = run.undid or counted.undid
  save(runs, page.run, run)
  return enqueue
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
