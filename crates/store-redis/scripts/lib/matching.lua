-- Which contact rings which agent: the agent of best standing, the contact that is ahead.
-- A match looks only at the heads of the eligible sets.

local is_confirmed, is_vouched, is_due, tried, stands_before, order_for, best_agents, fits

do
  -- Says whether a contact's gateway has reported it in its present session.
  function is_confirmed(id)
    local contact = entity('contact', id)
    if contact.orphaned then return false end
    if not contact.token then return true end
    local gateway = entity('gateway', contact.gateway)
    return gateway and gateway.token == contact.token
  end

  -- Says whether a contact may be offered: its gateway vouches for the leg, or it has none.
  function is_vouched(id)
    if not is_confirmed(id) then return false end
    local contact = entity('contact', id)
    return not contact.token or entity('gateway', contact.gateway).fresh
  end

  -- Says whether a contact may be answered at this time: a callback's time must have come.
  function is_due(contact) return not contact.closes_at or contact.opens_at <= now end

  -- Agents a contact is not offered to now, and how many: "agent=until agent=until ".
  function tried(contact)
    local map, count = {}, 0
    for agent, till in string.gmatch(contact.tried or '', '([^= ]+)=(%d+) ') do
      till = tonumber(till)
      if till > now then map[agent], count = till, count + 1 end
    end
    return map, count
  end

  function stands_before(a, b)
    if a.preference ~= b.preference then return a.preference < b.preference end
    if a.score ~= b.score then return a.score < b.score end
    return sorts_before(a.agent, b.agent)
  end

  function order_for(id)
    local rules = rules_of(id)
    return rules and rules.order or 'idle'
  end

  local function best_person(person, contact, map)
    local seat = entity('agent', person)
    if not seat or map[person] or not is_free_for(seat, contact.channel) then return {} end
    return { { preference = 0, score = score(seat, 'idle'), agent = person } }
  end

  -- Gives the free agents of best standing for a contact, up to `count`.
  function best_agents(id, count)
    local contact, best = entity('contact', id), {}
    local map, tries = tried(contact)
    local person = personal_agent(contact.class)
    if person then return best_person(person, contact, map) end
    local class, order = planned('class', contact.class), order_for(id)
    for _, profile in ipairs(class and class.profiles or {}) do
      local heads = redis.call('ZRANGE', ready_list(profile.name, contact.channel, order), 0,
        count + tries - 1, 'WITHSCORES')
      for i = 1, #heads, 2 do
        if not map[heads[i]] then
          best[#best + 1] =
            { preference = profile.preference, score = tonumber(heads[i + 1]), agent = heads[i] }
        end
      end
    end
    table.sort(best, stands_before)
    for i = #best, count + 1, -1 do best[i] = nil end
    return best
  end

  -- Says whether a contact at the head of a line may ring an agent.
  function fits(id, agent)
    local contact = entity('contact', id)
    return is_vouched(id) and not tried(contact)[agent] and has_room(contact.queue)
      and is_free_for(entity('agent', agent), contact.channel)
  end
end
