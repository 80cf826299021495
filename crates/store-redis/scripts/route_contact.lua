-- Puts a contact in a queue; it overflows when the queue is full or closed.
-- ARGS: contact, gateway, token, call sequence, plan version, route, priority, rank credit in ms,
-- details.
return function(id, gateway, token, sequence, plan, route_text, priority, credit, details)
  local contact = admit(id, gateway, token, sequence)
  if not contact then return DUPLICATE end
  if contact.state ~= 'in_menu' then reject('WRONG_STATE', contact.state) end
  local route = parse_route(route_text)
  check_plan(plan, route)
  contact.call_sequence = tonumber(sequence)
  contact.details = details ~= '' and details or nil
  local where = spot(route)
  local resumed = resume_place(id, where.queue)
  place(id, where, tonumber(credit), tonumber(priority))
  join_or_close(id, route, { cause = 'routed', resumed = resumed })
  return done(contact)
end
