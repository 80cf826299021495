-- Begins a consultation: another agent is rung while the caller stays with this one.
-- ARGS: agent, session, contact, consultation, plan version, route.

-- How long a consultation keeps from ringing the agent who asks: a year.
local FOR_GOOD = 31536000000

local function create_consult(origin, parent, id, agent)
  create('contact', id, { state = 'queued', channel = origin.channel, gateway = origin.gateway,
    token = origin.token, call_sequence = 0, started_at = now,
    tried = agent .. '=' .. text(now + FOR_GOOD) .. ' ', parent = parent,
    details = origin.details, version = 0 })
  mark_leg(id, origin.token and token_number(origin.token) or 0)
  mark_live('c:' .. id)
end

return function(agent, session, id, consult, plan, route_text)
  local contact = check_talk(agent, session, id)
  if entity('contact', consult) then return DUPLICATE end
  local route = parse_route(route_text)
  check_plan(plan, route)
  if not is_vouched(id) then reject('GATEWAY_NOT_FRESH') end
  if contact.consult or contact.parent then reject('WRONG_STATE', 'consulting') end
  create_consult(contact, id, consult, agent)
  contact.consult = consult
  changed('contact', id, 'consult_started', { consult = consult, agent = agent })
  place(consult, spot(route), 0, 0)
  join_with(consult, { cause = 'consult', by = agent })
  return done(contact)
end
