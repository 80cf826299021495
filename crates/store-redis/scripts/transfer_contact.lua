-- Sends a connected contact to another queue, or to an agent.
-- ARGS: agent, session, contact, plan version, route.
return function(agent, session, id, plan, route_text)
  local contact = check_talk(agent, session, id)
  local route = parse_route(route_text)
  check_plan(plan, route)
  if not is_vouched(id) then reject('GATEWAY_NOT_FRESH') end
  drop_consult(id)
  local mode, span = wrap_up_rules(id)
  local where = spot(route)
  place(id, where, 0, 0)
  cool_down(id, agent, 'no_answer')
  if route.closes_in == 0 then
    set_state(id, 'queued')
    overflow(id, 'closed')
  else
    wait_in_line(id, { cause = 'transferred', by = agent })
    match_contact(id)
  end
  release_by(agent, id, mode, span)
  match_agent(agent)
  return done(contact)
end
