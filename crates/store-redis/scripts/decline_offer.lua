-- Declines an offer: the contact keeps its place. ARGS: agent, session, offer.
return function(id, session, offer_id)
  local offer = check_offer(id, session, offer_id)
  if offer.outcome == 'declined' then return DUPLICATE end
  check_live(offer)
  take_back(offer_id, offer.contact, id, 'declined')
  return done(entity('contact', offer.contact))
end
