-- Joins the caller and the agent who was consulted. ARGS: agent, session, contact.

-- Ends a consultation that became the conversation; its agent is bound anew by the caller.
local function merge(consult, agent)
  leave_ready(agent)
  drop_work(entity('agent', agent), consult)
  set_state(consult, 'queued')
  end_contact(consult, 'merged')
end

-- Makes the record of an offer that was accepted as it was made: the gateway's word on the bridge
-- names it.
local function accepted_offer(id, agent)
  local offer = next_offer_id()
  create('offer', offer, { contact = id, agent = agent, expires_at = now })
  tell('offer', offer, 1, 'offer_made', { contact = id, agent = agent, chosen_by = 'consult' })
  close_offer(offer, 'accepted')
  return offer
end

return function(agent, session, id)
  local contact = check_talk(agent, session, id)
  if not is_vouched(id) then reject('GATEWAY_NOT_FRESH') end
  local consult = contact.consult
  if not consult then reject('WRONG_STATE', 'connected') end
  local talk = entity('contact', consult)
  -- A gateway may say that an agent consults himself: nobody can be joined with himself.
  if talk.state ~= 'connected' or talk.agent == agent then reject('WRONG_STATE', talk.state) end
  local other, mode, span = talk.agent, wrap_up_rules(id)
  merge(consult, other)
  connect(id, accepted_offer(id, other), other)
  take_on(other, id)
  release_by(agent, id, mode, span)
  match_agent(agent)
  -- He may have wrapped this very call up until now: then it takes one place instead of two.
  match_agent(other)
  return done(contact)
end
