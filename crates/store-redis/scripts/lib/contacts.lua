-- Moves of a contact that several commands share: requeue, end, orphan.

local function renew_wait(id)
  local contact, rules = entity('contact', id), rules_of(id)
  if contact.class then contact.overflows_at = now + (rules and rules.max_wait or 0) end
end

-- Gives a contact a place in line: a new one at the end, or the old one in another class.
local function place(id, class, credit, priority)
  local contact = entity('contact', id)
  contact.queue = class_queue(class)
  if not contact.class then
    floor.sequence = floor.sequence + 1
    contact.rank, contact.sequence = now - credit, floor.sequence
    contact.enqueued_at, contact.priority = now, priority
  end
  contact.class = class
  renew_wait(id)
end

local function set_tried(contact, map)
  local line = ''
  for agent, till in pairs(map) do line = line .. agent .. '=' .. text(till) .. ' ' end
  contact.tried = line ~= '' and line or nil
end

local function cool_down(id, agent)
  local contact, rules = entity('contact', id), rules_of(id)
  local map = tried(contact)
  map[agent] = now + (rules and rules.cool_down or 0)
  set_tried(contact, map)
end

local function wait_deadline(id)
  local contact = entity('contact', id)
  local map, deadline = tried(contact), contact.overflows_at or now
  for agent, till in pairs(map) do
    if till > now then deadline = math.min(deadline, till) else map[agent] = nil end
  end
  set_tried(contact, map)
  return deadline
end

local overflow

local function unbind_contact(contact) contact.offer, contact.agent = nil, nil end

local function finish_contact(id, reason, agent)
  leave_line(id)
  unmark_leg(id)
  unmark_live('c:' .. id)
  arm_contact(id, nil)
  local contact, rules = entity('contact', id), reason == 'overflow' and rules_of(id)
  unbind_contact(contact)
  contact.state, contact.end_reason, contact.orphaned = 'ended', reason, nil
  changed('contact', id, 'contact_ended', { reason = reason, queue = contact.queue or '',
    action = rules and rules.overflow or '', agent = agent or '' })
end

-- Sends a contact back to its place, or ends it when its longest wait has passed.
local function requeue(id, cause, agent)
  local contact = entity('contact', id)
  unbind_contact(contact)
  contact.state = 'queued'
  if now >= contact.overflows_at and not contact.orphaned then
    return overflow(id)
  end
  if not contact.orphaned then arm_contact(id, wait_deadline(id)) end
  if is_confirmed(id) then enter_line(id) end
  changed('contact', id, 'contact_requeued',
    { queue = contact.queue, cause = cause, agent = agent })
end

-- Ends a contact and frees its agent.
local function end_contact(id, reason)
  local contact = entity('contact', id)
  local state, agent = contact.state, contact.agent
  if state == 'offered' then
    local gateway_gone = reason == 'gateway_lost' or reason == 'gone_during_outage'
    close_offer(contact.offer, gateway_gone and 'gateway_gone' or 'caller_gone')
  end
  finish_contact(id, reason, agent)
  if not agent then return end
  if state == 'connected' then release(agent, id) else rest(agent, state == 'offered') end
  match_agent(agent)
end
