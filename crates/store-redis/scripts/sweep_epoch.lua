-- Puts up to 64 entities remembered from before the epoch in order. No ARGS.
local function sweep_contact(id)
  local contact = entity('contact', id)
  if contact.state == 'offered' then
    local agent = contact.agent
    close_offer(contact.offer, 'epoch_changed')
    requeue(id, 'epoch', agent)
    sign_out(agent, 'epoch')
  end
  if contact.state ~= 'ended' then mark_live('c:' .. id) end
end

local function sweep_agent(id)
  local agent = entity('agent', id)
  if agent.state == 'busy' then
    detach(id)
    mark_live('a:' .. id)
  elseif agent.state == 'offered' then
    local contact = agent.contact
    close_offer(agent.offer, 'epoch_changed')
    requeue(contact, 'epoch', id)
    sign_out(id, 'epoch')
  elseif agent.state == 'offline' then
    unmark_live('a:' .. id)
  else
    if agent.state == 'ready' then leave_ready(id) end
    sign_out(id, 'epoch')
  end
end

return function()
  if not floor.sweeping then return DUPLICATE end
  local old = redis.call('ZRANGEBYSCORE', prefix .. 'live', '-inf', '(' .. text(floor.epoch),
    'LIMIT', 0, BATCH)
  for _, member in ipairs(old) do
    local kind, id = string.sub(member, 1, 1), string.sub(member, 3)
    if kind == 'c' then sweep_contact(id) else sweep_agent(id) end
  end
  if #old >= BATCH then return MORE end
  floor.sweeping = nil
  open_barrier()
  return done(floor)
end
