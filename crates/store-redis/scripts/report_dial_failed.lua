-- Reports that the caller of a callback was not reached.
-- ARGS: contact, gateway, token, call sequence, offer, what came of it.
return function(id, gateway, token, sequence, offer, outcome)
  local contact = admit(id, gateway, token, sequence)
  if not contact then return DUPLICATE end
  if contact.state ~= 'connecting' or contact.offer ~= offer or not contact.closes_at then
    reject('WRONG_STATE', contact.state)
  end
  contact.call_sequence = tonumber(sequence)
  miss_caller(id, outcome, 'unreached')
  return done(contact)
end
