-- Reports that caller and agent are bridged.
-- ARGS: contact, gateway, token, call sequence, offer.
return function(id, gateway, token, sequence, offer)
  local contact = admit(id, gateway, token, sequence)
  if not contact then return DUPLICATE end
  if contact.state ~= 'connecting' or contact.offer ~= offer then
    reject('WRONG_STATE', contact.state)
  end
  contact.call_sequence = tonumber(sequence)
  contact.state, contact.offer = 'connected', nil
  arm_contact(id, nil)
  changed('contact', id, 'contact_connected', { agent = contact.agent })
  return done(contact)
end
