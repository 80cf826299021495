-- The contacts at the heads of the lines an agent serves.

local best_contacts

do
  local FIRST_LOOK, LOOK = 1, 64

  -- Looks at part of a line; gives its first contact that may ring an agent, how many it took out
  -- of the line, and how many it looked at. Contacts their gateway has not reported in its present
  -- session are taken out; its inventory puts them back.
  local function look(class, agent, first, last)
    local heads = redis.call('ZRANGE', key('waiting', class), first, last, 'WITHSCORES')
    local removed = 0
    for i = 1, #heads, 2 do
      local member = heads[i]
      local id = string.sub(member, 18)
      if not is_confirmed(id) then
        leave_line(id)
        removed = removed + 1
      elseif fits(id, agent) then
        return { id = id, rank = tonumber(heads[i + 1]), member = member }, removed, #heads / 2
      end
    end
    return nil, removed, #heads / 2
  end

  -- Finds the first contact of a class that may ring an agent, within the first 64.
  local function head_for(class, agent)
    local head, removed, seen = look(class, agent, 0, FIRST_LOOK - 1)
    if head or seen < FIRST_LOOK then return head end
    return (look(class, agent, FIRST_LOOK - removed, LOOK - 1 - removed))
  end

  local function is_ahead(a, b)
    if a.order ~= b.order then return a.order < b.order end
    if a.rank ~= b.rank then return a.rank < b.rank end
    return sorts_before(a.member, b.member)
  end

  -- Adds the head of a class to those an agent may be given; the first two are kept.
  local function add_head(heads, class, order, id)
    local head = head_for(class, id)
    if not head then return end
    head.order = order
    if not heads[1] or is_ahead(head, heads[1]) then
      heads[1], heads[2] = head, heads[1]
    elseif not heads[2] or is_ahead(head, heads[2]) then
      heads[2] = head
    end
  end

  local CHANNELS = { voice = 1, chat = 1, message = 1, task = 1, callback = 1 }

  -- Gives the two contacts that are ahead of all an agent may serve, the first first.
  function best_contacts(id)
    local agent, heads, free = entity('agent', id), {}, {}
    if not is_working(agent) or agent.offer then return heads end
    write_lines()
    add_head(heads, '@' .. id, 0, id)
    local serves = planned('serves', agent.profile)
    if not serves or not any_exists(serves.waiting) then return heads end
    for _, class in ipairs(serves.classes) do
      local channel = class.channel
      if CHANNELS[channel] and free[channel] == nil then
        free[channel] = is_free_for(agent, channel)
      end
      if free[channel or ''] ~= false then add_head(heads, class.name, class.order, id) end
    end
    return heads
  end
end
