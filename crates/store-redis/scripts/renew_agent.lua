-- Renews the lease of a desktop. ARGS: agent, session, lease in ms.
return function(id, session, lease)
  local agent = check_desk(id, session)
  agent.lease_until = now + tonumber(lease)
  touch(agent)
  return done(agent)
end
