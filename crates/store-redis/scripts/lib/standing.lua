-- Which agent a contact rings: the one of best standing. Only the heads of the lists of ready agents
-- are looked at.

local stands_before, order_for, best_agents

do
  function stands_before(a, b)
    if a.preference ~= b.preference then return a.preference < b.preference end
    if a.score ~= b.score then return a.score < b.score end
    return sorts_before(a.agent, b.agent)
  end

  function order_for(id)
    local rules = rules_of(id)
    return rules and rules.order or 'idle'
  end

  local function best_person(person, contact, map)
    local seat = entity('agent', person)
    if not seat or map[person] or not is_free_for(seat, contact.channel) then return {} end
    return { { preference = 0, score = score(seat, 'idle'), agent = person } }
  end

  -- Gives the lists of ready agents of the profiles of a class, in their order.
  local function lists_of(class, channel, order)
    local name = channel .. ':' .. order
    local lists = class.ready[name]
    if lists then return lists end
    lists = {}
    for at, profile in ipairs(class.profiles) do
      lists[at] = ready_list(profile.name, channel, order)
    end
    class.ready[name] = lists
    return lists
  end

  -- Adds the untried heads of a list to the best so far, of whom `count` are kept, in order.
  local function add_heads(best, count, preference, map, heads)
    for i = 1, #heads, 2 do
      local found = { preference = preference, score = tonumber(heads[i + 1]), agent = heads[i] }
      if not map[found.agent] then
        local at = math.min(#best + 1, count + 1)
        while at > 1 and stands_before(found, best[at - 1]) do
          best[at], at = best[at - 1], at - 1
        end
        -- Those behind him on his list stand behind him here.
        if at > count then return end
        best[at], best[count + 1] = found, nil
      end
    end
  end

  -- Gives the free agents of best standing for a contact, up to `count`.
  function best_agents(id, count)
    local contact, best = entity('contact', id), {}
    local map, tries = tried(contact)
    local person = personal_agent(contact.class)
    if person then return best_person(person, contact, map) end
    local class, order = planned('class', contact.class), order_for(id)
    local lists = class and lists_of(class, contact.channel, order)
    if not lists or not any_exists(lists) then return best end
    for at, list in ipairs(lists) do
      add_heads(best, count, class.profiles[at].preference, map,
        redis.call('ZRANGE', list, 0, count + tries - 1, 'WITHSCORES'))
    end
    return best
  end
end
