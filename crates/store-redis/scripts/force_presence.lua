-- Says what an agent has to be; he is told, and may change it again.
-- ARGS: agent, want, reason, who decided it.
return function(id, want, reason, by)
  local agent = entity('agent', id)
  if not agent then reject('UNKNOWN_AGENT') end
  if not agent.session then reject('WRONG_STATE', agent_state(agent)) end
  if agent.want == want and (agent.reason or '') == reason then return DUPLICATE end
  changed('agent', id, 'presence_forced', { want = want, reason = reason, by = by })
  change_want(id, want, reason)
  return done(agent)
end
