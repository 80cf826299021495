-- Matches: for one contact, for one agent.

local may_match, match_contact, serve, match_agent

do
  function may_match() return floor.barrier_open and (floor.settled or floor.own_after) end

  local function ring_count(id)
    local rules = rules_of(id)
    return rules and math.max(rules.ring_count, 1) or 1
  end

  -- Offers a contact to the best free agents. Whom room in a full queue is for is settled at the end:
  -- whoever else could be matched is passed over until then.
  function match_contact(id)
    if not may_match() then return end
    if room_made then
      room_made[#room_made + 1] = id
      return
    end
    if not is_vouched(id) then return end
    local contact = entity('contact', id)
    if contact.state ~= 'queued' or not is_due(contact) or not contact.queue then return end
    if not has_room(contact.queue) then return end
    local count, agents = ring_count(id), {}
    local best = best_agents(id, count + 1)
    local over = best[count + 1]
    best[count + 1] = nil
    for i, candidate in ipairs(best) do agents[i] = candidate.agent end
    make_offers(id, agents, choice_of.contact(order_for(id), best, over))
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
    make_offers(head.id, agents, choice_of.agent(head.rank, heads[2]))
    return true
  end

  function match_agent(agent)
    if may_match() then serve(agent) end
  end
end
