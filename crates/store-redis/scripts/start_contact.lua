-- Begins a contact in the menu.
-- ARGS: contact, gateway, token, call sequence, plan version, fallback class or empty, details.
return function(id, gateway, token, sequence, plan, fallback, details)
  local source = check_gateway(gateway, token)
  local known = entity('contact', id)
  if known then
    if known.gateway ~= gateway then reject('OTHER_GATEWAY') end
    return DUPLICATE
  end
  if not source.fresh then reject('GATEWAY_NOT_FRESH') end
  local class = parse_class(fallback)
  if class then
    check_plan(plan, class)
    define_class(class)
  end
  create_contact(id, gateway, token, sequence, class, details)
  changed('contact', id, 'contact_started', { gateway = gateway, details = details })
  return { 'done', 1 }
end
