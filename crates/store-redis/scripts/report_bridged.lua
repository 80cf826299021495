-- Reports that caller and agent are bridged.
-- ARGS: contact, gateway, token, call sequence, offer.
return function(id, gateway, token, sequence, offer)
  local contact = admit(id, gateway, token, sequence)
  if not contact then return DUPLICATE end
  local agent = connecting_agent(contact, offer)
  contact.call_sequence = tonumber(sequence)
  set_state(id, 'connected', nil, agent)
  arm_contact(id, nil)
  local seat = entity('agent', agent)
  if seat.misses then
    seat.misses = nil
    touch(seat)
  end
  changed('contact', id, 'contact_connected', { agent = agent })
  return done(contact)
end
