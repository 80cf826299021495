-- Takes a callback back that has not been answered yet. ARGS: callback, who decided it.
return function(id, by)
  local contact = entity('contact', id)
  if not contact then reject('UNKNOWN_CONTACT') end
  if contact.state == 'ended' and contact.end_reason == 'cancelled' then return DUPLICATE end
  local waits = contact.state == 'queued' or contact.state == 'offered'
  if not contact.closes_at or contact.token or not waits then
    reject('WRONG_STATE', contact.state)
  end
  end_by(id, 'cancelled', { by = by })
  return done(contact)
end
