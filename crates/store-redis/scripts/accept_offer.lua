-- Accepts an offer: the gateway is told to bridge. ARGS: agent, session, offer.
return function(id, session, offer_id)
  local offer = check_offer(id, session, offer_id)
  if offer.outcome == 'accepted' then return DUPLICATE end
  check_live(offer)
  if not is_vouched(offer.contact) then reject('GATEWAY_NOT_FRESH') end
  local contact, agent = entity('contact', offer.contact), entity('agent', id)
  close_offer(offer_id, 'accepted')
  contact.state = 'connecting'
  arm_contact(offer.contact, now + CONNECT_LIMIT)
  changed('contact', offer.contact, 'contact_connecting', { offer = offer_id, agent = id })
  agent.state, agent.offer, agent.misses = 'busy', nil, 0
  changed('agent', id, 'agent_busy', { contact = offer.contact })
  return done(contact)
end
