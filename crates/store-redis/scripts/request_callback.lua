-- Books a callback: the caller's contact ends, the callback keeps its place.
-- ARGS: contact, callback, plan version, route, opens in ms, closes in ms or empty, who asked.
return function(id, callback, plan, route_text, opens_in, closes_in, by)
  if entity('contact', callback) then return DUPLICATE end
  local route = parse_route(route_text)
  check_plan(plan, route)
  local rules = planned('queue', route.queue)
  local contact = check_callback(id, rules)
  local caller = route.queue .. ' ' .. contact.caller
  local span = math.min(tonumber(closes_in) or rules.callback_lifetime, rules.callback_lifetime)
  if contact.state ~= 'ended' then end_by(id, 'callback_booked', { by = by }) end
  local open = redis.call('HGET', prefix .. 'callbacks', caller)
  if open then return done(entity('contact', open)) end
  create_callback(contact, callback, now + tonumber(opens_in), now + span)
  place(callback, spot(route), 0, 0)
  wait_in_line(callback, { cause = 'callback', by = by })
  match_contact(callback)
  return done(entity('contact', callback))
end
