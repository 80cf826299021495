-- The lists of ready agents: of one profile, for one channel, in one order.

local ready_list, enter_ready, leave_ready, idle_lists

do
  -- Gives the name of a list of ready agents.
  function ready_list(profile, channel, order)
    return prefix .. 'ready:' .. profile .. ':' .. channel .. ':' .. order
  end

  -- Lists an agent among the ready ones of his profile, for each channel he is free for.
  function enter_ready(id)
    local agent = entity('agent', id)
    local ability, idle_lists = planned('ability', agent.profile), {}
    agent.draw = ability and is_weighted(ability) and draw(id, agent.weight) or 0
    for _, slot in ipairs(ability and ability.slots or {}) do
      if is_free_for(agent, slot.channel) then
        idle_lists[#idle_lists + 1] = agent.profile .. ':' .. slot.channel
        for _, order in ipairs(ability.orders) do
          local list = ready_list(agent.profile, slot.channel, order)
          redis.call('ZADD', list, text(score(agent, order)), id)
        end
      end
    end
    listed[id] = #idle_lists > 0
    if listed[id] then redis.call('SADD', prefix .. 'idle_lists', unpack(idle_lists)) end
  end

  -- Takes an agent off the lists of ready ones; he is on none he was not free for.
  function leave_ready(id)
    if listed[id] == false then return end
    local agent = entity('agent', id)
    local ability, before = planned('ability', agent.profile), before_of('agent', id)
    for _, slot in ipairs(ability and ability.slots or {}) do
      if listed[id] or is_free_for(before, slot.channel) then
        for _, order in ipairs(ability.orders) do
          redis.call('ZREM', ready_list(agent.profile, slot.channel, order), id)
        end
      end
    end
    listed[id] = false
  end

  -- Forgets lists that nobody is on any more; gives the others, in order of their names' parts.
  function idle_lists()
    local lists = {}
    for _, name in ipairs(redis.call('SMEMBERS', prefix .. 'idle_lists')) do
      if redis.call('EXISTS', prefix .. 'ready:' .. name .. ':idle') == 1 then
        lists[#lists + 1] = name
      else
        redis.call('SREM', prefix .. 'idle_lists', name)
      end
    end
    table.sort(lists, sorts_before)
    return lists
  end
end
