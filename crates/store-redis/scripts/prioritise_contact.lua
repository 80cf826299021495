-- Gives a waiting contact another priority, at once.
-- ARGS: contact, priority, rank credit in ms, who decided it.
return function(id, priority, credit, by)
  local contact = check_waits(id)
  leave_line(id)
  contact.priority = tonumber(priority)
  contact.rank = contact.enqueued_at - tonumber(credit)
  if contact.state == 'queued' then enter_line(id) end
  changed('contact', id, 'contact_prioritised',
    { priority = contact.priority, rank = contact.rank, by = by })
  return done(contact)
end
