-- Says what an agent wants to be; kept until he is at rest. ARGS: agent, session, want, reason.
return function(id, session, want, reason)
  local agent = check_desk(id, session)
  if agent.want == want and (agent.reason or '') == reason then return DUPLICATE end
  agent.want, agent.reason = want, reason ~= '' and reason or nil
  if agent.state == 'ready' then
    leave_ready(id)
    rest(id, true)
  elseif agent.state == 'not_ready' then
    rest(id)
    agent.misses = 0
    match_agent(id)
  elseif agent.state ~= 'offline' then
    changed('agent', id, 'agent_wanted', { want = want, reason = reason })
  end
  return done(agent)
end
