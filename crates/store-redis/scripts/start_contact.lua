-- Begins a contact in the menu.
-- ARGS: contact, gateway, token, call sequence, channel, caller, plan version, fallback route or
-- empty, details.
return function(id, gateway, token, sequence, channel, caller, plan, fallback, details)
  local source = check_gateway(gateway, token)
  local known = entity('contact', id)
  if known then
    if known.gateway ~= gateway then reject('OTHER_GATEWAY') end
    return DUPLICATE
  end
  if not source.fresh then reject('GATEWAY_NOT_FRESH') end
  local route = parse_route(fallback)
  if route then check_plan(plan, route) end
  create_contact(id, { gateway = gateway, token = token, sequence = sequence }, route,
    { channel = channel, caller = caller, details = details })
  changed('contact', id, 'contact_started',
    { gateway = gateway, channel = channel, details = details })
  return { 'done', 1 }
end
