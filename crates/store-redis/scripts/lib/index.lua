-- The indices: deadlines, live entities, legs, lines of waiting contacts, lists of ready agents.

-- Redis compares members byte by byte; Lua's own comparison would follow the machine's locale.
local function sorts_before(a, b)
  for i = 1, math.min(#a, #b) do
    local x, y = string.byte(a, i), string.byte(b, i)
    if x ~= y then return x < y end
  end
  return #a < #b
end

local function arm(member, deadline)
  if deadline then
    redis.call('ZADD', prefix .. 'deadlines', text(deadline), member)
  else
    redis.call('ZREM', prefix .. 'deadlines', member)
  end
end

local function arm_contact(id, deadline)
  entity('contact', id).deadline = deadline
  arm('c:' .. id, deadline)
end

local function arm_gateway(id, deadline)
  entity('gateway', id).deadline = deadline
  arm('g:' .. id, deadline)
end

local function arm_agent(id)
  local agent = entity('agent', id)
  local lease, wrap_up = agent.lease_until, agent.wrap_up_until
  arm('a:' .. id, lease and wrap_up and math.min(lease, wrap_up) or lease or wrap_up)
end

local function mark_live(member) redis.call('ZADD', prefix .. 'live', text(floor.epoch), member) end

local function unmark_live(member) redis.call('ZREM', prefix .. 'live', member) end

local function token_number(token) return tonumber(string.match(token, '%.(%d+)$')) end

local function mark_leg(id, number)
  redis.call('ZADD', key('legs', entity('contact', id).gateway), number, id)
end

local function unmark_leg(id) redis.call('ZREM', key('legs', entity('contact', id).gateway), id) end

local function line_member(id)
  return string.format('%016.0f:%s', entity('contact', id).sequence, id)
end

local function enter_line(id)
  local contact, member = entity('contact', id), line_member(id)
  redis.call('ZADD', key('waiting', contact.class), text(contact.rank), member)
  redis.call('ZADD', key('queued', contact.queue), text(contact.rank), member)
end

local function leave_line(id)
  local contact = entity('contact', id)
  if not contact.class then return end
  local member = line_member(id)
  redis.call('ZREM', key('waiting', contact.class), member)
  redis.call('ZREM', key('queued', contact.queue), member)
end

local function enter_ready(id)
  local agent = entity('agent', id)
  redis.call('SADD', prefix .. 'profiles', agent.profile)
  redis.call('ZADD', key('ready', agent.profile), text(agent.idle_since), id)
end

local function leave_ready(id) redis.call('ZREM', key('ready', entity('agent', id).profile), id) end
