-- Signs an agent's desktop in, in place of an older one.
-- ARGS: agent, want, reason, profile, plan version, lease in ms.
return function(id, want, reason, profile, plan, lease)
  check_plan(plan)
  floor.tokens = floor.tokens + 1
  local token = text(floor.epoch) .. '.' .. text(floor.tokens)
  if not entity('agent', id) then create_agent(id, profile) end
  local agent = entity('agent', id)
  if agent.state == 'ready' then leave_ready(id) end
  local offline = agent.state == 'offline'
  agent.lease_until = now + tonumber(lease)
  arm_agent(id)
  agent.session, agent.profile = token, profile
  if offline or agent.detached then
    agent.want, agent.reason = want, reason ~= '' and reason or nil
  end
  agent.detached = nil
  if offline then
    agent.state = want == 'ready' and 'ready' or 'not_ready'
    agent.idle_since, agent.misses = now, 0
  end
  mark_live('a:' .. id)
  if agent.state == 'ready' then enter_ready(id) end
  changed('agent', id, 'agent_signed_in', { session = token, reason = agent.reason or '' })
  match_agent(id)
  return { 'joined', token }
end
