-- Who waits, who is served, and which agents are ready: the indices matching looks at.

local enter_line, leave_line, is_in_line, leave_active, set_state, has_room, is_free_for
local listed

do
  local NO_LIMIT = 4294967295
  local ACTIVE = { offered = 1, connecting = 1, connected = 1 }

  -- Puts a queued contact where agents look for it; a callback only when its time has come.
  function enter_line(id)
    local contact = entity('contact', id)
    if contact.closes_at and contact.opens_at > now then return end
    if line_state(id) == 'in' then
      write_line(id)
    else
      lined[id], pending[id] = 'pending', true
    end
    note_unstaffed(contact.class)
  end

  function leave_line(id)
    local contact = entity('contact', id)
    if not contact.queue then return end
    if line_state(id) == 'in' then erase_line(id) end
    lined[id], pending[id] = 'out', nil
  end

  function is_in_line(id)
    if lined[id] then return lined[id] ~= 'out' end
    local contact = entity('contact', id)
    return contact.queue and line_state(id) == 'in'
      and redis.call('ZSCORE', key('waiting', contact.class), line_member(id)) ~= false
  end

  -- Takes a contact out of those its queue serves; where that makes room, others may follow.
  function leave_active(id)
    local contact = entity('contact', id)
    if not contact.queue or not ACTIVE[contact.state] then return end
    if redis.call('SREM', key('active', contact.queue), id) == 0 then return end
    local rules = planned('queue', contact.queue)
    if rules and rules.max_active < NO_LIMIT then room_made = room_made or {} end
  end

  -- Moves a contact to another state, and counts it among those its queue serves.
  function set_state(id, state, offer, agent)
    local contact = entity('contact', id)
    if not ACTIVE[state] then
      leave_active(id)
    elseif contact.queue and not ACTIVE[contact.state] then
      redis.call('SADD', key('active', contact.queue), id)
    end
    if state == 'connected' then
      owed.forget(id)
      if contact.closes_at then contact.reached = '1' end
    end
    contact.state, contact.offer, contact.agent = state, offer, agent
    contact.offers, contact.end_reason = nil, nil
    touch(contact)
  end

  -- Says whether a queue may serve one more contact.
  function has_room(queue)
    local rules = planned('queue', queue)
    if not rules or rules.max_active >= NO_LIMIT then return true end
    return redis.call('SCARD', rules.active) < rules.max_active
  end

  -- Says whether an agent can take one more contact of a channel now.
  function is_free_for(agent, channel)
    if not is_working(agent) or agent.offer then return false end
    local ability = planned('ability', agent.profile)
    local slot = ability and ability.by_channel[channel]
    if not slot then return false end
    local taken = 0
    for _, item in ipairs(work_of(agent)) do
      if slot.blocked_by[item.channel] then return false end
      if item.channel == channel then taken = taken + 1 end
    end
    return taken < slot.capacity
  end
end
