-- A leg is as its gateway says: bridged to an agent, or to nobody.

local function believe_bridged(id, was, agent)
  if was.state == 'connected' and was.agent == agent then return {} end
  leave_line(id)
  let_go(id, was, agent)
  local displaced = claim(agent, id)
  set_state(id, 'connected', nil, agent)
  return displaced
end

local function believe_unbridged(id, was, fallback)
  if was.state ~= 'connecting' and was.state ~= 'connected' then return end
  drop_consult(id)
  set_state(id, 'in_menu')
  local contact = entity('contact', id)
  if not contact.queue and fallback then place(id, spot(fallback), 0, 0) end
  if contact.queue then
    renew_wait(id)
    set_state(id, 'queued')
  end
  let_go(id, was, nil)
end

-- Arms the deadline of the state a reconciled contact is in, and puts it in line if it waits.
local function cover(id)
  local contact = entity('contact', id)
  if contact.state == 'in_menu' then
    arm_contact(id, now + MENU_LIMIT)
  elseif contact.state == 'queued' then
    arm_contact(id, wait_deadline(id))
    enter_line(id)
  elseif contact.state == 'connected' then
    arm_contact(id, nil)
  end
end
