-- The routing plan: queue rules, which profiles serve a class, and what a profile can serve.
-- What it says is remembered beyond the step, until a step writes to it: the floor bears the stamp
-- of the step that wrote to its plan last.

local open_plan, planned, write_plan

do
  -- How many bytes of text are remembered, of all tenants.
  local MEMORY = 1048576
  local plans, plan, size = {}, nil, 0

  -- Finds what is remembered of the plan of the floor.
  function open_plan()
    plan = plans[prefix]
    if plan and plan.stamp == floor.plan_stamp then return end
    if size >= MEMORY then plans, size = {}, 0 end
    plan = { stamp = floor.plan_stamp, queue = {}, class = {}, ability = {}, serves = {} }
    plans[prefix] = plan
  end

  -- Gives what the plan says of a queue, a class, a profile's ability or what a profile serves.
  function planned(kind, name)
    local found = plan[kind][name]
    if found == nil then
      local line = redis.call('HGET', prefix .. 'plan', kind .. ':' .. name)
      found = line and PARSERS[kind](line, name) or false
      plan[kind][name], size = found, size + #(line or name)
    end
    return found or nil
  end

  -- Writes to the plan; an empty line takes out what was there.
  function write_plan(kind, name, line)
    if line ~= '' then
      redis.call('HSET', prefix .. 'plan', kind .. ':' .. name, line)
    else
      redis.call('HDEL', prefix .. 'plan', kind .. ':' .. name)
    end
    floor.plan_stamp = text(floor.epoch) .. ':' .. seed
    touch(floor)
    plans[prefix], plan[kind][name] = nil, nil
  end
end
