-- A contact ends: its offers, its agent, its consultation and its place with it.

local drop_consult, drop_offer, withdraw_offer

do
  local REVOCATIONS = { gateway_lost = 'gateway_gone', gone_during_outage = 'gateway_gone',
    cancelled = 'withdrawn' }

  -- Takes the consultation about a contact from it, if there is one, and ends it unless it is kept.
  function drop_consult(id, kept, reason)
    local contact = entity('contact', id)
    local consult = contact.consult
    if not consult then return end
    contact.consult = nil
    changed('contact', id, 'consult_ended', { consult = consult, outcome = 'cancelled' })
    if consult ~= kept then end_contact(consult, reason or 'cancelled') end
  end

  -- Tells the conversation that the consultation about it is over.
  local function leave_parent(id, reason)
    local name = entity('contact', id).parent
    local parent = name and entity('contact', name)
    if not parent or parent.consult ~= id then return end
    parent.consult = nil
    if parent.state == 'ended' then return touch(parent) end
    changed('contact', name, 'consult_ended', { consult = id, outcome = reason })
  end

  local function finish_contact(id, reason, agent, why)
    leave_line(id)
    local contact = entity('contact', id)
    if contact.token then unmark_leg(id) end
    unmark_live('c:' .. id)
    arm_contact(id, nil)
    -- Where their gateway is lost with both, it may turn out to hold both.
    drop_consult(id, nil, reason == 'gateway_lost' and reason)
    owed.forget(id)
    set_state(id, 'ended')
    contact.end_reason, contact.orphaned = reason, nil
    changed('contact', id, 'contact_ended', merged(
      { reason = reason, queue = contact.queue or '', agent = agent or '' }, why))
    leave_parent(id, reason)
  end

  -- Ends a contact, frees its agent, and tells more of it.
  function end_by(id, reason, why)
    local contact = entity('contact', id)
    local state, agent = contact.state, contact.agent
    local rung = close_offers(id, REVOCATIONS[reason] or 'caller_gone')
    finish_contact(id, reason, agent, why)
    for _, other in ipairs(rung) do rest(other, true) end
    if agent then
      if state == 'connected' then release(agent, id) else unburden(agent, id) end
    end
    for _, other in ipairs(rung) do match_agent(other) end
    if agent then match_agent(agent) end
  end

  -- Takes one offer from a contact; when it was the last, the contact goes back to its place.
  function drop_offer(id, offer, agent, cause)
    local contact = entity('contact', id)
    if contact.state ~= 'offered' then return end
    local left = {}
    for _, made in ipairs(offers_of(contact)) do
      if made.offer ~= offer then left[#left + 1] = made end
    end
    if #left == 0 then return requeue(id, cause, agent) end
    set_offers(contact, left)
    changed('contact', id, 'contact_unoffered', { offer = offer, agent = agent, outcome = cause })
  end

  -- Takes the offer that rings an agent away from him: no fault of his.
  function withdraw_offer(agent)
    local seat = entity('agent', agent)
    local offer, id = seat.offer, seat.offer_contact
    if not offer then return end
    close_offer(offer, 'withdrawn')
    drop_offer(id, offer, agent, 'withdrawn')
    match_contact(id)
    rest(agent, true)
  end
end
