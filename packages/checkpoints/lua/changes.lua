-- What an act changes about a test (docs/decisions/0013-what-changed.md): `test`, `kinds`, and for a verdict `from`, `to`
-- and `why`. It goes into the stream in the same act, once, and is counted for each run that it belongs to.

-- what undoes a change; `change.undoes` names the runs that have counted it, and count neither
local undoes = { error_gone = 'error_new', listed_again = 'unlisted' }

-- the first and the last id that this act has added to the stream
local firstNoted, lastNoted
-- adds a change to the stream. @param ids the runs that it belongs to, as in `open`
local function note(change, ids)
  if #change.kinds == 0 then return end
  lastNoted = redis.call('XADD', changes, '*', 'test', change.test, 'kinds', table.concat(change.kinds, ','), 'runs', ids,
    'from', change.from or '', 'to', change.to or '', 'why', change.why or '', 'undoes', change.undoes or '')
  if firstNoted then return end
  firstNoted = lastNoted
  local length = redis.call('XLEN', changes)
  if length == 1 then redis.call('SET', changesFrom, firstNoted) end
  if length < keptOutcomes + 1000 then return end
  redis.call('XTRIM', changes, 'MAXLEN', keptOutcomes)
  redis.call('SET', changesFrom, redis.call('XRANGE', changes, '-', '+', 'COUNT', 1)[1][1])
end

-- notes between which ids of the stream a run's changes are: times would not find them after Redis' clock was set back
local function spanChanges(run)
  run.firstChange, run.lastChange = run.firstChange or firstNoted, lastNoted or run.lastChange
end

-- counts a change that was noted for a run. Runs of an older version have no counts
local function count(run, change)
  if not run.changes then return end
  for _, kind in ipairs(change.kinds) do
    local undone = undoes[kind] or change.undone
    local counted = undone and names(change.undoes, run.id) and undone or kind
    run.changes[counted] = (run.changes[counted] or 0) + (counted == kind and 1 or -1)
    run.undid = run.undid or counted ~= kind or nil
    spanChanges(run)
  end
end

-- the same, and counts it for the one run that it belongs to
local function noteFor(run, change)
  note(change, run)
  local record = load(runs, run)
  if not record then return end
  count(record, change)
  save(runs, run, record)
end

-- what kind of change it is when a test gets a category. A test without sessions had no type that could change
local function kindOfVerdict(from, to)
  if from == to then return nil end
  return (not from or from == 'no sessions') and 'classified' or 'type_changed'
end
