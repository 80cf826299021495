-- Stores where the caller is in the menu.
-- ARGS: contact, gateway, token, call sequence, position, trail.
return function(id, gateway, token, sequence, menu, trail)
  local contact = admit(id, gateway, token, sequence)
  if not contact then return DUPLICATE end
  if contact.state ~= 'in_menu' then reject('WRONG_STATE', contact.state) end
  contact.call_sequence = tonumber(sequence)
  contact.menu = menu ~= '' and menu or nil
  arm_contact(id, now + MENU_LIMIT)
  changed('contact', id, 'menu_stepped', { details = trail })
  return done(contact)
end
