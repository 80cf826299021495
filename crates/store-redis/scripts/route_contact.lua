-- Puts a contact in a queue; it overflows when the queue is full.
-- ARGS: contact, gateway, token, call sequence, plan version, class, priority, rank credit in ms,
-- details.
return function(id, gateway, token, sequence, plan, class_line, priority, credit, details)
  local contact = admit(id, gateway, token, sequence)
  if not contact then return DUPLICATE end
  if contact.state ~= 'in_menu' then reject('WRONG_STATE', contact.state) end
  local class = parse_class(class_line)
  check_plan(plan, class)
  contact.call_sequence = tonumber(sequence)
  contact.details = details ~= '' and details or nil
  define_class(class)
  place(id, class.key, tonumber(credit), tonumber(priority))
  join_queue(id, 'routed')
  return done(contact)
end
