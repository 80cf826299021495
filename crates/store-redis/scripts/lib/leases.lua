-- What happens when a lease ends: of a gateway, or of an agent's desktop.

local lose_leg

do
  -- Lets go of a contact that no gateway holds any more: it ends, unless it is somebody who is still
  -- to be called back.
  function lose_leg(id, reason)
    local contact = entity('contact', id)
    if not owed.is_open(contact) then return end_contact(id, reason) end
    contact.orphaned = nil
    -- Its gateway may still find that the caller is on the line.
    if contact.state == 'connecting' then return miss_caller(id, 'lost', reason) end
    contact.token = nil
    unmark_leg(id)
    changed('contact', id, 'contact_confirmed',
      { gateway = contact.gateway, agent = '', details = contact.details or '' })
    if contact.state ~= 'queued' then return end
    arm_contact(id, wait_deadline(id))
    enter_line(id)
    match_contact(id)
  end

  local function orphan(id)
    leave_line(id)
    mark_leg(id, 0)
    local contact = entity('contact', id)
    contact.orphaned = '1'
    arm_contact(id, now + GATEWAY_GRACE)
    local rung = close_offers(id, 'gateway_gone')
    if contact.state == 'offered' then set_state(id, 'queued') end
    changed('contact', id, 'contact_orphaned', {})
    for _, agent in ipairs(rung) do
      rest(agent, true)
      match_agent(agent)
    end
  end

  function fire.gateway(id)
    local gateway = entity('gateway', id)
    if not gateway.lost then
      gateway.lost, gateway.fresh, gateway.token = '1', nil, nil
      changed('gateway', id, 'gateway_lost', {})
    end
    local left = redis.call('ZRANGEBYSCORE', key('legs', id), 1, '+inf', 'LIMIT', 0, BATCH)
    for _, contact in ipairs(left) do orphan(contact) end
    arm_gateway(id, #left == BATCH and now or nil)
    redis.call('SREM', prefix .. 'pending', id)
    open_barrier()
  end

  -- Stops waiting for gateways that keep their lease but tell no legs.
  function fire.barrier()
    if floor.barrier_open or (floor.barrier_until or 0) > now then return end
    redis.call('DEL', prefix .. 'pending')
    open_barrier()
  end

  local function lose_desktop(id)
    local agent = entity('agent', id)
    local offer, contact = agent.offer, agent.offer_contact
    if offer then
      close_offer(offer, 'agent_gone')
      cool_down(contact, id, 'no_answer')
      drop_offer(contact, offer, id, 'agent_gone')
    end
    -- After-call work that only the agent could have ended goes with his desktop.
    retain_work(agent, function(item) return item.phase == 't' or item.till end)
    if agent.work then detach(id) else sign_out(id, 'lost') end
    if offer then match_contact(contact) end
  end

  -- Ends after-call work whose time is over.
  local function fire_wrap_up(id)
    for _, item in ipairs(work_of(entity('agent', id))) do
      if item.phase == 'w' and item.till and item.till <= now then
        if not item.done then tell_wrapped_up(id, item.contact) end
        unburden(id, item.contact)
        return match_agent(id)
      end
    end
  end

  function fire.agent(id)
    local lease = entity('agent', id).lease_until
    if lease and lease <= now then return lose_desktop(id) end
    fire_wrap_up(id)
  end
end
