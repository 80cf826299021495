-- Reports that the caller's leg is gone. ARGS: contact, gateway, token, call sequence, "1"
-- when the center ended it.
local REASONS = { in_menu = 'left_menu', connected = 'completed', queued = 'abandoned',
  offered = 'abandoned', connecting = 'abandoned' }

return function(id, gateway, token, sequence, served)
  local contact = admit(id, gateway, token, sequence)
  if not contact or contact.state == 'ended' then return DUPLICATE end
  local by_menu = contact.state == 'in_menu' and served == '1'
  local reason = by_menu and 'completed' or REASONS[contact.state]
  contact.call_sequence = tonumber(sequence)
  if is_called_back(id) then
    miss_caller(id, 'hung_up', 'unreached')
    return done(contact)
  end
  keep_place(id)
  end_contact(id, reason)
  return done(contact)
end
