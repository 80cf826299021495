-- Matches: for one contact, for one agent, and all that are left.

local may_match, match_contact, serve, match_agent, settle, open_barrier

do
  local IDLE_TRIES = 16

  function may_match() return floor.barrier_open and floor.settled end

  local function ring_count(id)
    local rules = rules_of(id)
    return rules and math.max(rules.ring_count, 1) or 1
  end

  -- Offers a contact to the best free agents. Whom room in a full queue is for is settled at the end.
  function match_contact(id)
    if room_made or not may_match() or not is_vouched(id) then return end
    local contact = entity('contact', id)
    if contact.state ~= 'queued' or not is_due(contact) or not contact.queue then return end
    if not has_room(contact.queue) then return end
    local count, agents = ring_count(id), {}
    local best = best_agents(id, count + 1)
    local over = best[count + 1]
    best[count + 1] = nil
    for i, candidate in ipairs(best) do agents[i] = candidate.agent end
    make_offers(id, agents, of_agent(order_for(id), best, over))
  end

  -- Offers an agent the contact that is ahead; says whether there was one.
  function serve(agent)
    local heads = best_contacts(agent)
    local head = heads[1]
    if not head then return false end
    local count, agents = ring_count(head.id), { agent }
    if count > 1 then
      for _, other in ipairs(best_agents(head.id, count + 1)) do
        if other.agent ~= agent and #agents < count then agents[#agents + 1] = other.agent end
      end
    end
    make_offers(head.id, agents, of_contact(head.rank, heads[2]))
    return true
  end

  function match_agent(agent)
    if may_match() then serve(agent) end
  end

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

  -- Makes every match that is left, up to 64 contacts; then the floor is settled. The agent idle
  -- longest chooses first.
  function settle()
    if not floor.barrier_open then return end
    local lists, skipped, served = idle_lists(), {}, 0
    while served < BATCH do
      local found = longest_idle(lists, skipped)
      if not found then
        floor.settled = '1'
        return
      end
      if serve(found.agent) then
        served = served + 1
      else
        skipped[found.list] = (skipped[found.list] or 0) + 1
      end
    end
    floor.settled = nil
  end

  function open_barrier()
    if floor.barrier_open or floor.sweeping then return end
    if redis.call('SCARD', prefix .. 'pending') > 0 then return end
    floor.barrier_open = '1'
    floor_changed('barrier_opened', {})
    settle()
  end
end
