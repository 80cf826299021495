-- Which contact rings which agent: the longest idle agent, the contact that is ahead.
-- A match looks only at the heads of the eligible sets.

local function is_confirmed(id)
  local contact = entity('contact', id)
  local gateway = entity('gateway', contact.gateway)
  return not contact.orphaned and gateway and gateway.token == contact.token
end

local function is_vouched(id)
  local gateway = entity('gateway', entity('contact', id).gateway)
  return gateway and gateway.fresh and is_confirmed(id)
end

-- Agents a contact has tried: "agent=until agent=until ".
local function tried(contact)
  local map, count = {}, 0
  for agent, till in string.gmatch(contact.tried or '', '([^= ]+)=(%d+) ') do
    map[agent] = tonumber(till)
    count = count + 1
  end
  return map, count
end

local function has_tried(map, agent) return map[agent] and map[agent] > now end

local function best_agent(id)
  local contact = entity('contact', id)
  local map, count = tried(contact)
  local best, best_since
  for _, profile in ipairs(redis.call('ZRANGE', key('served', contact.class), 0, -1)) do
    local heads = redis.call('ZRANGE', key('ready', profile), 0, count, 'WITHSCORES')
    for i = 1, #heads, 2 do
      local agent, since = heads[i], tonumber(heads[i + 1])
      if not has_tried(map, agent) then
        if not best or since < best_since or (since == best_since and sorts_before(agent, best)) then
          best, best_since = agent, since
        end
        break
      end
    end
  end
  return best
end

local function head_for(class, agent)
  local heads = redis.call('ZRANGE', key('waiting', class), 0, BATCH - 1, 'WITHSCORES')
  for i = 1, #heads, 2 do
    local member, rank = heads[i], tonumber(heads[i + 1])
    local id = string.sub(member, 18)
    if not is_confirmed(id) then
      leave_line(id)
    elseif is_vouched(id) and not has_tried(tried(entity('contact', id)), agent) then
      return id, rank, member
    end
  end
end

local function best_contact(agent)
  local best
  local classes = redis.call('ZRANGE', key('serves', entity('agent', agent).profile), 0, -1,
    'WITHSCORES')
  for i = 1, #classes, 2 do
    local id, rank, member = head_for(classes[i], agent)
    local order = tonumber(classes[i + 1])
    if id and (not best or order < best.order or (order == best.order and (rank < best.rank
      or (rank == best.rank and sorts_before(member, best.member))))) then
      best = { id = id, order = order, rank = rank, member = member }
    end
  end
  return best and best.id
end
