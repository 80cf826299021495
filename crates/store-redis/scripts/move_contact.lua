-- Moves a waiting contact to another queue; it keeps its age.
-- ARGS: contact, plan version, route, who decided it.
return function(id, plan, route_text, by)
  local contact, route = check_waits(id), parse_route(route_text)
  check_plan(plan, route)
  local other = owed.besides(contact, route.queue, id)
  if other then
    end_by(id, 'superseded', { by = other })
    return done(contact)
  end
  local rung = close_offers(id, 'withdrawn')
  leave_line(id)
  place(id, spot(route), 0, 0)
  join_or_close(id, route, { cause = 'moved', by = by })
  for _, agent in ipairs(rung) do
    rest(agent, true)
    match_agent(agent)
  end
  return done(contact)
end
