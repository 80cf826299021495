-- The stream that tells what happened: an entry for each step.

local append

do
  -- Gives where the stream ends: it may be older than the floor.
  local function last_place()
    local newest = redis.call('XREVRANGE', prefix .. 'outbox', '+', '-', 'COUNT', 1)[1]
    if not newest then return 0, 0 end
    local at, number = string.match(newest[1], '^(%d+)-(%d+)$')
    return tonumber(at), tonumber(number)
  end

  -- Appends the events of the step to the stream as one entry. Each has a place of its own there:
  -- the entry has that of the last, and those before it take the numbers before.
  function append()
    if #told == 0 then return '', '' end
    if clock.told_at == 0 then clock.told_at, clock.told = last_place() end
    if wall > clock.told_at then clock.told_at, clock.told = wall, 0 end
    clock.told = clock.told + #told
    local place = string.format('%.0f-%.0f', clock.told_at, clock.told)
    local packed = cmsgpack.pack({ floor.epoch, now, wall, trace, told })
    return redis.call('XADD', prefix .. 'outbox', place, 'e', packed), packed
  end
end
