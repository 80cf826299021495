-- Puts up to 8 entities remembered from before the epoch in order. No ARGS.

-- Ends an agent's session with the old epoch; he stays bound to those he talks to.
local function lose_session(id)
  local agent = entity('agent', id)
  if agent_state(agent) ~= 'busy' then return sign_out(id, 'epoch') end
  retain_work(agent, function(item) return item.phase == 't' end)
  detach(id)
  mark_live('a:' .. id)
end

-- Voids every offer of a contact; whoever was rung must say hello again.
local function void_offers(id)
  local rung = close_offers(id, 'epoch_changed')
  if #rung > 0 then requeue(id, 'epoch', rung[#rung]) end
  for _, agent in ipairs(rung) do lose_session(agent) end
end

local function sweep_contact(id)
  void_offers(id)
  if entity('contact', id).state ~= 'ended' then mark_live('c:' .. id) end
end

local function sweep_agent(id)
  local agent = entity('agent', id)
  if agent.offer then
    void_offers(agent.offer_contact)
  elseif agent_state(agent) == 'offline' then
    unmark_live('a:' .. id)
  else
    lose_session(id)
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
  touch(floor)
  open_barrier()
  return done(floor)
end
