-- What happens when a lease ends: of a gateway, or of an agent's desktop.

local function orphan(id)
  local contact = entity('contact', id)
  local state, offer, agent = contact.state, contact.offer, contact.agent
  leave_line(id)
  mark_leg(id, 0)
  contact.orphaned = '1'
  arm_contact(id, now + GATEWAY_GRACE)
  if state ~= 'offered' then
    changed('contact', id, 'contact_orphaned', {})
    return
  end
  close_offer(offer, 'gateway_gone')
  unbind_contact(contact)
  contact.state = 'queued'
  changed('contact', id, 'contact_orphaned', {})
  rest(agent, true)
  match_agent(agent)
end

local function lose_gateway(id)
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
local function fire_barrier()
  if floor.barrier_open or (floor.barrier_until or 0) > now then return end
  redis.call('DEL', prefix .. 'pending')
  open_barrier()
end

local function lose_desktop(id, agent)
  if agent.state == 'offline' then
    agent.lease_until = nil
    arm_agent(id)
  elseif agent.state == 'offered' then
    local contact = agent.contact
    close_offer(agent.offer, 'agent_gone')
    cool_down(contact, id)
    requeue(contact, 'agent_gone', id)
    sign_out(id, 'lost')
    match_contact(contact)
  elseif agent.state == 'busy' or agent.state == 'wrap_up' then
    detach(id)
  else
    if agent.state == 'ready' then leave_ready(id) end
    sign_out(id, 'lost')
  end
end

local function fire_agent(id)
  local agent = entity('agent', id)
  if agent.lease_until and agent.lease_until <= now then return lose_desktop(id, agent) end
  if agent.state ~= 'wrap_up' then return end
  tell_wrapped_up(id, agent.contact, '')
  rest(id)
  match_agent(id)
end
