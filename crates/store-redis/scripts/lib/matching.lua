-- Which contacts may be offered, and to whom.

local is_confirmed, is_vouched, is_due, tried, fits

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

  -- Says whether a contact at the head of a line may ring an agent.
  function fits(id, agent)
    local contact = entity('contact', id)
    return is_vouched(id) and not tried(contact)[agent] and has_room(contact.queue)
      and is_free_for(entity('agent', agent), contact.channel)
  end
end
