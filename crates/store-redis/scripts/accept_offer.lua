-- Accepts an offer: the gateway is told to bridge, or to call the caller back.
-- ARGS: agent, session, offer.

-- Chooses the gateway that calls back: the one the caller came through, or the first other; the one
-- for tickets has no telephone.
local function dialling_gateway(contact)
  local own = entity('gateway', contact.gateway)
  if own and own.fresh then return contact.gateway end
  local known = redis.call('SMEMBERS', prefix .. 'gateways')
  table.sort(known, sorts_before)
  for _, id in ipairs(known) do
    local gateway = entity('gateway', id)
    if id ~= 'tickets' and gateway and gateway.fresh then return id end
  end
end

local function take_to(id, gateway)
  local contact = entity('contact', id)
  contact.gateway, contact.token = gateway, entity('gateway', gateway).token
  mark_leg(id, contact.token and token_number(contact.token) or 0)
end

-- Ends the other offers of a contact; gives the agents who were rung for it too.
local function close_others(contact, offer_id)
  local others = {}
  for _, made in ipairs(offers_of(contact)) do
    if made.offer ~= offer_id then
      close_offer(made.offer, 'answered_elsewhere')
      others[#others + 1] = made.agent
    end
  end
  return others
end

return function(agent, session, offer_id)
  local offer = check_offer(agent, session, offer_id)
  if offer.outcome == 'accepted' then return DUPLICATE end
  check_live(offer)
  local id = offer.contact
  if not is_vouched(id) then reject('GATEWAY_NOT_FRESH') end
  local contact = entity('contact', id)
  if not contact.token then
    local gateway = dialling_gateway(contact)
    if not gateway then reject('GATEWAY_NOT_FRESH') end
    take_to(id, gateway)
  end
  close_offer(offer_id, 'accepted')
  local others = close_others(contact, offer_id)
  connect(id, offer_id, agent)
  take_on(agent, id)
  for _, other in ipairs(others) do rest(other, true) end
  match_agent(agent)
  for _, other in ipairs(others) do match_agent(other) end
  return done(contact)
end
