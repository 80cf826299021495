-- All matches that are left: after the barrier opens, with a new plan, where a full queue has room again.

local settle, settle_all, fill_room, open_barrier

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

  local function set_settled(settled, own_after)
    if floor.settled == settled and floor.own_after == own_after then return end
    floor.settled, floor.own_after = settled, own_after
    touch(floor)
  end

  -- Serves the agents whose own lines come next, up to so many; after the last the floor is settled.
  local function settle_own_lines(most)
    if floor.settled then return end
    write_lines()
    local lines = redis.call('ZRANGEBYLEX', prefix .. 'own_lines', '(' .. (floor.own_after or '@'), '+',
      'LIMIT', 0, most)
    if #lines < most then set_settled('1') else set_settled(nil, lines[#lines]) end
    for _, class in ipairs(lines) do
      local agent = personal_agent(class)
      if entity('agent', agent) then serve(agent) end
    end
  end

  -- Makes the matches that are left, up to 8 contacts; then the floor is settled. The agent idle
  -- longest chooses first. Of a whole floor, the agents come last for whom alone somebody waits: they
  -- may stand anywhere in the lists.
  function settle()
    if not floor.barrier_open then return end
    local lists, skipped, served = idle_lists(), {}, 0
    while served < BATCH do
      local found = longest_idle(lists, skipped)
      if not found then return settle_own_lines(BATCH - served) end
      if serve(found.agent) then
        served = served + 1
      else
        skipped[found.list] = (skipped[found.list] or 0) + 1
      end
    end
    set_settled(nil, floor.own_after)
  end

  -- Makes every match that is left on the floor, in as many steps as it takes.
  function settle_all()
    if floor.barrier_open then set_settled(nil) end
    settle()
  end

  -- Matches whoever is ahead where the step made room, then those it passed over for them.
  function fill_room()
    settle()
    local passed_over = room_made
    room_made = false
    for _, id in ipairs(passed_over) do match_contact(id) end
  end

  function open_barrier()
    if floor.barrier_open or floor.sweeping then return end
    if redis.call('SCARD', prefix .. 'pending') > 0 then return end
    floor.barrier_open = '1'
    floor_changed('barrier_opened', {})
    settle_all()
  end
end
