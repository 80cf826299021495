-- Brings agents who are signed in to the profiles a newer plan gives them.
-- ARGS: plan version, a line for each agent ("agent weight order profile").
local function is_seated(agent, key, weight, order)
  return agent.profile == key and (agent.weight or 0) == weight
    and (agent.seat_order or 0) == order
end

local function assign(id, weight, order, line)
  local agent, profile = entity('agent', id), parse_profile(line)
  if not agent or not agent.session or is_seated(agent, profile.key, weight, order) then return end
  define_profile(profile)
  leave_ready(id)
  change_profile(id, profile.key)
  agent.weight, agent.seat_order = weight, order
  restaff(id)
  enter_ready(id)
  changed('agent', id, 'agent_profiled', { profile = profile.key })
  match_agent(id)
end

return function(version, lines)
  check_plan(version)
  for id, weight, order, line in string.gmatch(lines, '(%S+) (%d+) (%d+) ([^\n]*)\n') do
    assign(id, tonumber(weight), tonumber(order), line)
  end
  return done(floor)
end
