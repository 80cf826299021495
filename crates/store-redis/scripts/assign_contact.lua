-- Gives a waiting contact to an agent who is free for it, whatever his skills.
-- ARGS: contact, agent, who decided it.

-- Says whether a contact is a consultation an agent asked for: it is not for himself.
local function asks_in(contact, agent)
  local talk = contact.parent and entity('contact', contact.parent)
  return talk and talk.agent == agent
end

return function(id, agent, by)
  local contact, seat = check_waits(id), entity('agent', agent)
  if not seat then reject('UNKNOWN_AGENT') end
  if not may_match() then reject('RECOVERING') end
  if not is_vouched(id) then reject('GATEWAY_NOT_FRESH') end
  if contact.state ~= 'queued' or not is_due(contact) then reject('WRONG_STATE', contact.state) end
  if asks_in(contact, agent) or not is_free_for(seat, contact.channel) then
    reject('AGENT_NOT_FREE', agent_state(seat))
  end
  changed('contact', id, 'contact_assigned', { agent = agent, by = by })
  make_offers(id, { agent }, choice_of.supervisor())
  return done(contact)
end
