-- Reports that the agent's side of the bridge failed: the contact keeps its place.
-- ARGS: contact, gateway, token, call sequence, offer.
return function(id, gateway, token, sequence, offer)
  local contact = admit(id, gateway, token, sequence)
  if not contact then return DUPLICATE end
  if contact.state ~= 'connecting' or contact.offer ~= offer then
    reject('WRONG_STATE', contact.state)
  end
  local agent = contact.agent
  contact.call_sequence = tonumber(sequence)
  cool_down(id, agent)
  requeue(id, 'unreachable', agent)
  want_not_ready(agent, 'unreachable')
  rest(agent)
  match_contact(id)
  return done(contact)
end
