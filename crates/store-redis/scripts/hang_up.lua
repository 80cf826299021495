-- Reports that the caller's leg is gone. ARGS: contact, gateway, token, call sequence.
local REASONS = { in_menu = 'left_menu', connected = 'completed', queued = 'abandoned',
  offered = 'abandoned', connecting = 'abandoned' }

return function(id, gateway, token, sequence)
  local contact = admit(id, gateway, token, sequence)
  if not contact or contact.state == 'ended' then return DUPLICATE end
  contact.call_sequence = tonumber(sequence)
  end_contact(id, REASONS[contact.state])
  return done(contact)
end
