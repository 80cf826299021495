-- What gateways report: sessions checked, repeated reports left out, contacts made.

local function check_gateway(id, token)
  local gateway = entity('gateway', id)
  if not gateway then reject('UNKNOWN_GATEWAY') end
  if gateway.token ~= token then reject('STALE_SESSION') end
  return gateway
end

-- Checks a report against its contact; gives nil when it was applied before.
local function admit(id, gateway, token, sequence)
  check_gateway(gateway, token)
  local contact = entity('contact', id)
  if not contact then reject('UNKNOWN_CONTACT') end
  if contact.gateway ~= gateway then reject('OTHER_GATEWAY') end
  if tonumber(sequence) <= (contact.call_sequence or 0) then return nil end
  if contact.token ~= token and contact.state ~= 'ended' then reject('GATEWAY_NOT_FRESH') end
  return contact
end

-- Gives the agent a contact is being connected to by an offer.
local function connecting_agent(contact, offer)
  if contact.state ~= 'connecting' or contact.offer ~= offer then
    reject('WRONG_STATE', contact.state)
  end
  return contact.agent
end

-- Makes a contact in the menu; the caller tells of it.
local function create_contact(id, source, fallback, arrival)
  local first = fallback and fallback.steps[1]
  if first then define_class(first.class) end
  create('contact', id, { state = 'in_menu', channel = arrival.channel, gateway = source.gateway,
    token = source.token, call_sequence = tonumber(source.sequence), started_at = now,
    caller = arrival.caller ~= '' and arrival.caller or nil,
    fallback = first and fallback.queue .. ' ' .. first.class.key,
    details = arrival.details ~= '' and arrival.details or nil, version = 0 })
  arm_contact(id, now + MENU_LIMIT)
  mark_leg(id, token_number(source.token))
  mark_live('c:' .. id)
end
