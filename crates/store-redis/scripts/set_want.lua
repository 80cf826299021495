-- Says what an agent wants to be; kept until he is at rest. ARGS: agent, session, want, reason.
return function(id, session, want, reason)
  local agent = check_desk(id, session)
  if agent.want == want and (agent.reason or '') == reason then return DUPLICATE end
  change_want(id, want, reason)
  return done(agent)
end
