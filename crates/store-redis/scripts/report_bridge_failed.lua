-- Reports that the agent's side of the bridge failed: the contact keeps its place.
-- ARGS: contact, gateway, token, call sequence, offer, cause.
return function(id, gateway, token, sequence, offer, cause)
  local contact = admit(id, gateway, token, sequence)
  if not contact then return DUPLICATE end
  local agent, rules = connecting_agent(contact, offer), rules_of(id)
  contact.call_sequence = tonumber(sequence)
  cool_down(id, agent, cause)
  requeue(id, cause, agent)
  -- First among those who are free already: whom this frees serves whoever is ahead.
  match_contact(id)
  count_miss(agent, cause, rules and rules.misses[cause].threshold or 0)
  unburden(agent, id)
  match_agent(agent)
  return done(contact)
end
