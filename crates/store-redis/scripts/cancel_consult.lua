-- Ends a consultation; the caller stays with the agent. ARGS: agent, session, contact.
return function(agent, session, id)
  local contact = check_talk(agent, session, id)
  if not contact.consult then return DUPLICATE end
  drop_consult(id)
  return done(contact)
end
