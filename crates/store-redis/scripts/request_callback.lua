-- Books a callback: the caller's contact ends unless it is in the menu, the callback keeps its place.
-- ARGS: contact, callback, plan version, route, opens in ms, closes in ms or empty, who asked; and if
-- something was agreed in the menu: caller, priority, rank credit in ms, details.
return function(id, callback, plan, route_text, opens_in, closes_in, by, caller, priority, credit,
    details)
  if entity('contact', callback) then return DUPLICATE end
  local route = parse_route(route_text)
  check_plan(plan, route)
  local rules = planned('queue', route.queue)
  local contact = check_callback(id, rules, caller)
  caller = caller or contact.caller
  local span = math.min(tonumber(closes_in) or rules.callback_lifetime, rules.callback_lifetime)
  if contact.state ~= 'ended' and contact.state ~= 'in_menu' then
    end_by(id, 'callback_booked', { by = by })
  end
  local open = redis.call('HGET', prefix .. 'callbacks', route.queue .. ' ' .. caller)
  if open then return done(entity('contact', open)) end
  create_callback(contact, callback, { caller = caller, details = details,
    opens_at = now + tonumber(opens_in), closes_at = now + span })
  place(callback, spot(route), tonumber(credit or 0), tonumber(priority or 0))
  wait_in_line(callback, { cause = 'callback', by = by })
  match_contact(callback)
  return done(entity('contact', callback))
end
