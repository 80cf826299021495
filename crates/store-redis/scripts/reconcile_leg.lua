-- Reconciles one leg of a gateway's inventory: what the gateway holds is true.
-- ARGS: gateway, token, contact, age in ms, agent bridged to or empty, fallback class or empty,
-- details.
local function may_reopen(contact)
  if contact.state ~= 'ended' then return true end
  return contact.end_reason == 'gateway_lost' or contact.end_reason == 'gone_during_outage'
end

-- Brings a contact back under its gateway's session; says what to tell of it.
local function recall(gateway, token, id, age, details)
  local contact = entity('contact', id)
  if not contact then
    create_contact(id, gateway, token, 0, nil, details)
    entity('contact', id).started_at = now - tonumber(age)
    return 'contact_started'
  end
  contact.token, contact.orphaned = token, nil
  local ended = contact.state == 'ended'
  if ended then
    contact.state, contact.end_reason = contact.class and 'queued' or 'in_menu', nil
    renew_wait(id)
  end
  mark_leg(id, token_number(token))
  mark_live('c:' .. id)
  return ended and 'contact_reopened' or 'contact_confirmed'
end

-- Arms the deadline of the state a reconciled contact is in, and puts it in line if it waits.
local function cover(id, contact)
  if contact.state == 'in_menu' then
    arm_contact(id, now + MENU_LIMIT)
  elseif contact.state == 'queued' then
    arm_contact(id, wait_deadline(id))
    enter_line(id)
  elseif contact.state == 'connected' then
    arm_contact(id, nil)
  end
end

return function(gateway, token, id, age, bridged_to, fallback, details)
  if check_gateway(gateway, token).fresh then reject('WRONG_STATE', 'fresh') end
  local known = entity('contact', id)
  if known then
    if known.gateway ~= gateway then reject('OTHER_GATEWAY') end
    if not may_reopen(known) or known.token == token then return DUPLICATE end
  end
  local event = recall(gateway, token, id, age, details)
  local contact = entity('contact', id)
  local freed, displaced = contact.agent, nil
  if bridged_to ~= '' then
    displaced = believe_bridged(id, contact, bridged_to)
  else
    believe_unbridged(id, contact, parse_class(fallback))
  end
  cover(id, contact)
  changed('contact', id, event,
    { gateway = gateway, agent = contact.agent or '', details = contact.details or '' })
  if freed then match_agent(freed) end
  if displaced then match_contact(displaced) end
  return done(contact)
end
