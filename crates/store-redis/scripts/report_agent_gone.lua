-- Reports that the agent's leg is gone while the caller's is up.
-- ARGS: contact, gateway, token, call sequence.
return function(id, gateway, token, sequence)
  local contact = admit(id, gateway, token, sequence)
  if not contact then return DUPLICATE end
  if contact.state ~= 'connected' then reject('WRONG_STATE', contact.state) end
  local agent = contact.agent
  contact.call_sequence = tonumber(sequence)
  if not contact.queue or contact.parent then
    end_contact(id, 'completed')
    return done(contact)
  end
  drop_consult(id)
  renew_wait(id)
  requeue(id, 'agent_leg_gone', agent)
  match_contact(id)
  release(agent, id)
  match_agent(agent)
  return done(contact)
end
