-- Reconciles one leg of a gateway's inventory: what the gateway holds is true.
-- ARGS: gateway, token, contact, age in ms, agent bridged to or empty, call sequence, fallback
-- route or empty, channel, caller, details, 1 when the call is over.
-- Brings a contact back under its gateway's session; says what to tell of it.
local function recall(id, source, age, fallback, arrival)
  local contact = entity('contact', id)
  if not contact then
    create_contact(id, source, fallback, arrival)
    entity('contact', id).started_at = now - tonumber(age)
    return 'contact_started'
  end
  contact.gateway, contact.token, contact.orphaned = source.gateway, source.token, nil
  local ended = contact.state == 'ended'
  if ended then
    contact.state, contact.end_reason = contact.queue and 'queued' or 'in_menu', nil
    renew_wait(id)
    owed.note(id, contact)
  end
  mark_leg(id, token_number(source.token))
  mark_live('c:' .. id)
  return ended and 'contact_reopened' or 'contact_confirmed'
end

-- Gives whom a contact was bound to or rang, as memory has it.
local function was_bound(contact)
  local was =
    { state = contact.state, agent = contact.agent, offers = offers_of(contact), freed = {} }
  for i, made in ipairs(was.offers) do was.freed[i] = made.agent end
  if contact.agent then was.freed[#was.freed + 1] = contact.agent end
  return was
end

-- Takes the gateway's word for whom the contact is bridged to; gives the contacts that lost him.
local function believe(id, was, bridged_to, fallback)
  if bridged_to ~= '' then return leg.believe_bridged(id, was, bridged_to) end
  leg.believe_unbridged(id, was, fallback)
  return {}
end

return function(gateway, token, id, age, bridged_to, sequence, fallback, channel, caller, details,
  over)
  if check_gateway(gateway, token).fresh then reject('WRONG_STATE', 'fresh') end
  local known = entity('contact', id)
  if known then
    -- Any gateway may turn out to have called somebody back: memory that was set back knows the one
    -- the request came through.
    local may_be_dialled = known.closes_at and not known.token
    if known.gateway ~= gateway and not may_be_dialled then reject('OTHER_GATEWAY') end
    if not leg.may_reopen(known) or known.token == token then return DUPLICATE end
  end
  local route = parse_route(fallback)
  if route and not planned('queue', route.queue) then route = nil end
  local event = recall(id, { gateway = gateway, token = token, sequence = 0 }, age, route,
    { channel = channel, caller = caller, details = details })
  local contact = entity('contact', id)
  if bridged_to ~= '' then
    contact.call_sequence = math.max(contact.call_sequence or 0, tonumber(sequence))
  end
  local was = was_bound(contact)
  local parted = over == '1' and is_elsewhere(bridged_to, id)
  local displaced = believe(id, was, parted and '' or bridged_to, route)
  leg.cover(id)
  changed('contact', id, event,
    { gateway = gateway, agent = contact.agent or '', details = contact.details or '' })
  if parted then
    end_by(id, 'completed', { agent = bridged_to })
  elseif event == 'contact_reopened' then
    leg.rejoin(id)
  end
  for _, freed in ipairs(was.freed) do match_agent(freed) end
  -- What he was bound to before may have kept other channels from him.
  if bridged_to ~= '' then match_agent(bridged_to) end
  for _, other in ipairs(displaced) do match_contact(other) end
  return done(contact)
end
