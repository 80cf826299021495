-- What a gateway's evidence does to links that memory holds otherwise.

-- Frees whoever the contact was bound to, unless it is the agent the gateway names.
local function let_go(id, state, offer, agent, keep)
  if not agent then return end
  if state == 'offered' then
    close_offer(offer, 'gateway_gone')
    if keep ~= agent then rest(agent, true) end
    return
  end
  if keep == agent then return end
  if state == 'connected' then release(agent, id) else rest(agent) end
end

-- Takes the agent from a contact another gateway's evidence has proven wrong about.
local function unbind(id, agent)
  local contact = entity('contact', id)
  if contact.class then
    renew_wait(id)
    requeue(id, 'agent_busy', agent)
    return
  end
  unbind_contact(contact)
  contact.state = 'in_menu'
  if not contact.orphaned then arm_contact(id, now + MENU_LIMIT) end
  changed('contact', id, 'contact_requeued', { queue = '', cause = 'agent_busy', agent = agent })
end

-- Binds the agent a gateway names to the contact, whatever he was thought to be doing; gives the
-- contact he was bound to before.
local function claim(agent, id)
  if not entity('agent', agent) then create_agent(agent, 'unknown') end
  local seat = entity('agent', agent)
  local displaced = seat.contact ~= id and seat.contact or nil
  if seat.state == 'offered' and displaced then
    close_offer(seat.offer, 'gateway_gone')
    requeue(displaced, 'agent_busy', agent)
  elseif seat.state == 'busy' and displaced then
    unbind(displaced, agent)
  elseif seat.state == 'ready' then
    leave_ready(agent)
  elseif seat.state == 'offline' then
    seat.detached = '1'
  end
  seat.wrap_up_until = nil
  arm_agent(agent)
  seat.state, seat.offer, seat.contact = 'busy', nil, id
  mark_live('a:' .. agent)
  changed('agent', agent, 'agent_busy', { contact = id })
  return displaced
end

local function believe_bridged(id, contact, agent)
  if contact.state == 'connected' and contact.agent == agent then return nil end
  leave_line(id)
  let_go(id, contact.state, contact.offer, contact.agent, agent)
  local displaced = claim(agent, id)
  contact.state, contact.offer, contact.agent = 'connected', nil, agent
  return displaced
end

local function believe_unbridged(id, contact, fallback)
  local state, offer, agent = contact.state, contact.offer, contact.agent
  if state ~= 'connecting' and state ~= 'connected' then return end
  unbind_contact(contact)
  contact.state = 'in_menu'
  if not contact.class and fallback and queue_rules(fallback.queue) then
    define_class(fallback)
    place(id, fallback.key, 0, 0)
  end
  if contact.class then
    renew_wait(id)
    contact.state = 'queued'
  end
  let_go(id, state, offer, agent, nil)
end
