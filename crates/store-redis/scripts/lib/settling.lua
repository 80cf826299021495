-- All matches that are left, after the barrier opens or where a full queue has room again.

local settle, open_barrier

do
  local IDLE_TRIES = 16

  -- Gives who is idle longest among the heads of the lists, and the list he was found on.
  local function longest_idle(lists, skipped)
    local best
    for _, name in ipairs(lists) do
      local skip = skipped[name] or 0
      local head = skip < IDLE_TRIES
        and redis.call('ZRANGE', prefix .. 'ready:' .. name .. ':idle', skip, skip, 'WITHSCORES')
      if head and #head > 0 then
        local found = { preference = 0, score = tonumber(head[2]), agent = head[1], list = name }
        if not best or stands_before(found, best) then best = found end
      end
    end
    return best
  end

  local function set_settled(settled)
    if floor.settled == settled then return end
    floor.settled = settled
    touch(floor)
  end

  -- Makes every match that is left, up to 8 contacts; then the floor is settled. The agent idle
  -- longest chooses first.
  function settle()
    if not floor.barrier_open then return end
    local lists, skipped, served = idle_lists(), {}, 0
    while served < BATCH do
      local found = longest_idle(lists, skipped)
      if not found then return set_settled('1') end
      if serve(found.agent) then
        served = served + 1
      else
        skipped[found.list] = (skipped[found.list] or 0) + 1
      end
    end
    set_settled(nil)
  end

  function open_barrier()
    if floor.barrier_open or floor.sweeping then return end
    if redis.call('SCARD', prefix .. 'pending') > 0 then return end
    floor.barrier_open = '1'
    floor_changed('barrier_opened', {})
    settle()
  end
end
