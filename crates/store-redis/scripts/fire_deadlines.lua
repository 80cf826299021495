-- Fires up to 64 deadlines that have come, and matches what is left to match. No ARGS.
local function leave_menu(id, contact)
  local class = contact.fallback
  if not class or not class_queue(class) then return end_contact(id, 'left_menu') end
  place(id, class, 0, 0)
  join_queue(id, 'menu_timeout')
end

local function fire_wait(id, contact)
  if (contact.overflows_at or 0) <= now then return overflow(id) end
  arm_contact(id, wait_deadline(id))
  match_contact(id)
end

local function fire_grace(id, contact)
  local agent = contact.agent and entity('agent', contact.agent)
  -- The agent's own desktop says he still talks: he is not freed without its word.
  if agent and agent.session then return arm_contact(id, now + GATEWAY_GRACE) end
  end_contact(id, 'gateway_lost')
end

local function fire_contact(id)
  local contact = entity('contact', id)
  if contact.orphaned then return fire_grace(id, contact) end
  if contact.state == 'in_menu' then
    leave_menu(id, contact)
  elseif contact.state == 'queued' then
    fire_wait(id, contact)
  elseif contact.state == 'offered' then
    take_back(contact.offer, id, contact.agent, 'expired')
  elseif contact.state == 'connecting' then
    arm_contact(id, now + CONNECT_LIMIT)
    changed('contact', id, 'contact_queried', { offer = contact.offer, agent = contact.agent })
  else
    arm_contact(id, nil)
  end
end

return function()
  local due = redis.call('ZRANGEBYSCORE', prefix .. 'deadlines', '-inf', text(now), 'WITHSCORES',
    'LIMIT', 0, BATCH)
  for i = 1, #due, 2 do
    local member, at = due[i], due[i + 1]
    -- An earlier one of the batch may have moved or disarmed this one.
    if redis.call('ZSCORE', prefix .. 'deadlines', member) == at then
      local kind, id = string.sub(member, 1, 1), string.sub(member, 3)
      if kind == 'a' then fire_agent(id) elseif kind == 'c' then fire_contact(id)
      else lose_gateway(id) end
    end
  end
  fire_barrier()
  if not floor.settled then settle() end
  if #due == 2 * BATCH or not floor.settled then return MORE end
  return done(floor)
end
