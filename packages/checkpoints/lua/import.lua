function commands.tests(given)
  for _, test in ipairs(given.tests) do
    if not load(workspaces, test.workspace) then
      save(workspaces, test.workspace, { name = test.name, position = -1, listedAt = 0 })
    end
    if redis.call('HEXISTS', listing, test.uuid) == 0 then
      save(listing, test.uuid, { workspace = test.workspace, position = -1, run = '' })
      redis.call('ZADD', catalogue, 0, test.uuid)
    end
    if redis.call('HEXISTS', verdicts, test.uuid) == 0 then
      local verdict = { category = test.category, rule = 'imported', source = 'imported' }
      local isProvisional = test.notFinal and test.category ~= 'ClassicUT'
      verdict.provisionalUntil = isProvisional and clock() or nil
      -- what the files know is no change
      settle(test.uuid, verdict, { kinds = {} })
      changed()
      if test.notFinal and not isProvisional then unconfirm({ test.uuid }) end
      if test.category ~= 'ClassicUT' then mayBeControl(test.uuid) end
    end
  end
  return 1
end

function commands.errors(given)
  for _, entry in ipairs(given.entries) do
    local undecided = redis.call('HEXISTS', verdicts, entry.key) == 0
    if undecided and redis.call('HSETNX', errors, entry.key, stamped(entry.error, '')) == 1 then changed() end
  end
  return 1
end
