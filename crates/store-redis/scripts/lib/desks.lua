-- What desktops ask for: sessions checked, agents made, contacts taken on.

local function create_agent(id, profile)
  return create('agent', id,
    { want = 'signed_out', profile = profile, idle_since = now, version = 0 })
end

local function check_desk(id, session)
  local agent = entity('agent', id)
  if not agent then reject('UNKNOWN_AGENT') end
  if agent.session ~= session then reject('STALE_SESSION') end
  return agent
end

local function check_offer(id, session, offer_id)
  check_desk(id, session)
  local offer = entity('offer', offer_id)
  if not offer then reject('UNKNOWN_OFFER') end
  if offer.agent ~= id then reject('OTHER_AGENT') end
  return offer
end

local function check_live(offer)
  if offer.outcome then reject('OFFER_CLOSED', offer.outcome) end
  if now >= offer.expires_at then reject('OFFER_CLOSED', 'expired') end
end

-- Checks that the agent at a desktop talks to a contact.
local function check_talk(agent, session, id)
  check_desk(agent, session)
  local contact = entity('contact', id)
  if not contact then reject('UNKNOWN_CONTACT') end
  if contact.state ~= 'connected' or contact.agent ~= agent or contact.orphaned then
    reject('WRONG_STATE', contact.state)
  end
  return contact
end

-- Tells what was noted, or without notes what counts as noted; the move to rest is told apart.
local function tell_wrapped_up(id, contact, notes)
  local rules, default = rules_of(contact), nil
  if rules and not notes then default = rules.default_disposition end
  changed('agent', id, 'wrap_up_finished', { contact = contact, details = notes or '',
    default_disposition = default ~= '' and default or nil })
end

-- Lets the gateway bring a contact and an agent together.
local function connect(id, offer, agent)
  set_state(id, 'connecting', offer, agent)
  arm_contact(id, now + CONNECT_LIMIT)
  changed('contact', id, 'contact_connecting', { offer = offer, agent = agent })
end

-- Puts a contact into an agent's hands.
local function take_on(id, contact)
  leave_ready(id)
  local agent = entity('agent', id)
  add_work(agent, contact, entity('contact', contact).channel)
  agent.misses = device_misses(agent.misses)
  agent.handled = (agent.handled or 0) + 1
  enter_ready(id)
  changed('agent', id, 'agent_busy', { contact = contact })
end
