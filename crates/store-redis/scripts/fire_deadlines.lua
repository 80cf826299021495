-- Fires up to 8 deadlines that have come, and matches what is left to match. No ARGS.
local KINDS = { a = 'agent', c = 'contact', g = 'gateway' }

local function leave_menu(id)
  if not take_fallback(id) then return end_contact(id, 'left_menu') end
  join_with(id, { cause = 'menu_timeout' })
end

local function fire_grace(id, contact)
  local agent = contact.agent and entity('agent', contact.agent)
  -- The agent's own desktop says he still talks: he is not freed without its word.
  if agent and agent.session then return arm_contact(id, now + GATEWAY_GRACE) end
  lose_leg(id, 'gateway_lost')
end

local function fire_contact(id)
  local contact = entity('contact', id)
  if contact.orphaned then return fire_grace(id, contact) end
  if contact.state == 'in_menu' then
    leave_menu(id)
  elseif contact.state == 'queued' then
    fire.wait(id)
  elseif contact.state == 'offered' then
    for _, made in ipairs(offers_of(contact)) do
      take_back(made.offer, id, made.agent, 'expired')
    end
  elseif contact.state == 'connecting' then
    arm_contact(id, now + CONNECT_LIMIT)
    changed('contact', id, 'contact_queried', { offer = contact.offer, agent = contact.agent })
  else
    arm_contact(id, nil)
  end
end

local FIRE =
  { a = fire.agent, c = fire_contact, g = fire.gateway, k = fire.class, p = forget_place }

-- Says whether a deadline still is what it was: an earlier one of the batch may have moved it.
local function is_armed(kind, id, member, at)
  local record = KINDS[kind] and entities[KINDS[kind]][id]
  if not record then return arms[member] == nil or arms[member] == at end
  return at == (kind == 'a' and agent_deadline(record) or record.deadline)
end

-- Says whether only part of a gateway or a class was done: it is due again at once.
local function is_left(kind, id, member)
  if kind == 'g' then return entity('gateway', id).deadline == now end
  return kind == 'k' and arms[member] == now
end

return function()
  local is_more = false
  local due = redis.call('ZRANGEBYSCORE', prefix .. 'deadlines', '-inf', text(now), 'WITHSCORES',
    'LIMIT', 0, BATCH)
  for i = 1, #due, 2 do
    local member, at = due[i], tonumber(due[i + 1])
    local kind, id = string.sub(member, 1, 1), string.sub(member, 3)
    if is_armed(kind, id, member, at) then
      FIRE[kind](id)
      is_more = is_more or is_left(kind, id, member)
    end
  end
  fire.barrier()
  if not floor.settled then settle() end
  if #due == 2 * BATCH or is_more or not floor.settled then return MORE end
  return done(floor)
end
