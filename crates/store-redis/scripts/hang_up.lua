-- Reports that the caller's leg is gone. ARGS: contact, gateway, token, call sequence, "1"
-- when the center ended it.
local REASONS = { in_menu = 'left_menu', connected = 'completed', queued = 'abandoned',
  offered = 'abandoned', connecting = 'abandoned' }

return function(id, gateway, token, sequence, served)
  local contact = admit(id, gateway, token, sequence)
  if not contact or contact.state == 'ended' then return DUPLICATE end
  contact.call_sequence = tonumber(sequence)
  local by_menu = contact.state == 'in_menu' and served == '1'
  end_contact(id, by_menu and 'completed' or REASONS[contact.state])
  return done(contact)
end
