-- Ends after-call work, or leaves a contact whose gateway is gone.
-- ARGS: agent, session, contact, notes.
return function(id, session, contact, notes)
  local agent = check_desk(id, session)
  if agent.state == 'busy' and agent.contact == contact and entity('contact', contact).orphaned then
    end_contact(contact, 'gateway_lost')
    if agent.state ~= 'wrap_up' then return done(agent) end
  elseif agent.state ~= 'wrap_up' or agent.contact ~= contact then
    reject('WRONG_STATE', agent.state)
  end
  tell_wrapped_up(id, contact, notes)
  rest(id)
  match_agent(id)
  return done(agent)
end
