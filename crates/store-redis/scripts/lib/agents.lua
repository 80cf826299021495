-- Moves of an agent that several commands share: rest, release, detach, sign out.

local function unbind_seat(agent) agent.offer, agent.contact = nil, nil end

local function sign_out(id, cause)
  local agent = entity('agent', id)
  agent.lease_until, agent.wrap_up_until = nil, nil
  arm_agent(id)
  unbind_seat(agent)
  agent.state, agent.want = 'offline', 'signed_out'
  agent.session, agent.detached, agent.reason = nil, nil, nil
  unmark_live('a:' .. id)
  changed('agent', id, 'agent_signed_out', { cause = cause })
end

-- Brings an agent to rest: what he wants to be, or offline when his desktop is gone.
local function rest(id, keep_idle)
  local agent = entity('agent', id)
  if agent.detached then return sign_out(id, 'lost') end
  if agent.want == 'signed_out' then return sign_out(id, 'wanted') end
  agent.wrap_up_until = nil
  arm_agent(id)
  unbind_seat(agent)
  agent.state = agent.want
  if agent.want == 'not_ready' then
    changed('agent', id, 'agent_not_ready', { reason = agent.reason or '' })
    return
  end
  agent.reason = nil
  if not keep_idle then agent.idle_since = now end
  enter_ready(id)
  changed('agent', id, 'agent_ready', {})
end

-- Frees an agent from a contact he talked to: to after-call work, or to rest if there is none.
local function release(id, contact)
  local rules = rules_of(contact)
  local span = rules and rules.wrap_up or 0
  if span == 0 then return rest(id) end
  local agent = entity('agent', id)
  unbind_seat(agent)
  agent.state, agent.contact, agent.wrap_up_until = 'wrap_up', contact, now + span
  arm_agent(id)
  changed('agent', id, 'agent_wrap_up', { contact = contact, ['until'] = agent.wrap_up_until })
end

local function detach(id)
  local agent = entity('agent', id)
  agent.lease_until = nil
  arm_agent(id)
  agent.session, agent.detached = nil, '1'
  changed('agent', id, 'agent_detached', {})
end

local function want_not_ready(id, reason)
  local agent = entity('agent', id)
  if agent.want == 'ready' then agent.want, agent.reason = 'not_ready', reason end
end

local function create_agent(id, profile)
  create('agent', id, { state = 'offline', want = 'signed_out', profile = profile, idle_since = now,
    misses = 0, version = 0 })
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

local function tell_wrapped_up(id, contact, notes)
  changed('agent', id, 'wrap_up_finished', { contact = contact, details = notes })
end
