-- Moves a waiting contact to another queue; it keeps its age.
-- ARGS: contact, plan version, route, who decided it.
return function(id, plan, route_text, by)
  local contact, route = check_waits(id), parse_route(route_text)
  check_plan(plan, route)
  local rung = close_offers(id, 'withdrawn')
  leave_line(id)
  place(id, spot(route), 0, 0)
  join_with(id, { cause = 'moved', by = by })
  for _, agent in ipairs(rung) do
    rest(agent, true)
    match_agent(agent)
  end
  return done(contact)
end
