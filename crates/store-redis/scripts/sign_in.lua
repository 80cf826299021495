-- Signs an agent's desktop in, in place of an older one.
-- ARGS: agent, want, reason, profile, weight, order, plan version, lease in ms.

-- Only an agent who was offline, or whose desktop was lost, takes the wanted presence.
local function take_want(agent, offline, want, reason)
  if offline or agent.detached then
    agent.want, agent.reason = want, reason ~= '' and reason or nil
  end
  agent.detached = nil
  if offline then
    agent.idle_since, agent.misses, agent.handled, agent.talk_time = now, nil, 0, 0
  end
end

return function(id, want, reason, profile_line, weight, order, plan, lease)
  check_plan(plan)
  local profile = parse_profile(profile_line)
  define_profile(profile)
  local token = next_token()
  local agent = entity('agent', id) or create_agent(id, profile.key)
  local offline = agent_state(agent) == 'offline'
  leave_ready(id)
  change_profile(id, profile.key)
  agent.lease_until, agent.session = now + tonumber(lease), token
  agent.weight, agent.seat_order = tonumber(weight), tonumber(order)
  take_want(agent, offline, want, reason)
  mark_live('a:' .. id)
  restaff(id)
  enter_ready(id)
  changed('agent', id, 'agent_signed_in', { session = token, reason = agent.reason or '' })
  match_agent(id)
  return { 'joined', token }
end
