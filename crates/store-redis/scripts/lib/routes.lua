-- Routes and profiles on their way in, and what becomes known of their classes.

local function queue_rules(queue) return planned('queue', queue) end

local function rules_of(id)
  local contact = entity('contact', id)
  return contact and contact.queue and queue_rules(contact.queue)
end

-- Gives the agent a personal class is held for.
local function personal_agent(class) return string.match(class, '^@(.+)$') end

-- A class on its way in: "class profile=rank:preference ...".
local function read_class(line)
  local name, profiles = string.match(line, '^(%S+)(.*)$')
  return { key = name, profiles = profiles }
end

-- A route on its way in: "queue closes_in" and a line for each step; nothing when it is empty.
local function parse_route(route_text)
  if route_text == '' then return nil end
  local route
  for line in string.gmatch(route_text, '[^\n]+') do
    if not route then
      local queue, closes_in = string.match(line, '^(%S+) (%S+)')
      route = { queue = queue, closes_in = tonumber(closes_in), steps = {} }
    else
      local after, when_empty, class = string.match(line, '^(%d+) ([01]) (.*)$')
      route.steps[#route.steps + 1] =
        { after = tonumber(after), when_empty = when_empty, class = read_class(class) }
    end
  end
  return route
end

-- A profile on its way in: its name, then what it can serve.
local function parse_profile(line)
  local name, ability = string.match(line, '^(%S+) (.*)$')
  return { key = name, line = ability }
end

local function define_profile(profile)
  if not planned('ability', profile.key) then write_plan('ability', profile.key, profile.line) end
end

-- Makes a class known, and lists it with each profile that may serve it.
local function define_class(class)
  local known = planned('class', class.key)
  if known and known.version == floor.plan then return end
  for _, profile in ipairs(known and known.profiles or {}) do
    redis.call('ZREM', key('serves', profile.name), class.key)
  end
  write_plan('class', class.key, text(floor.plan) .. class.profiles)
  for _, profile in ipairs(planned('class', class.key).profiles) do
    redis.call('ZADD', key('serves', profile.name), profile.rank, class.key)
  end
end

local function check_plan(version, route)
  if floor.plan ~= tonumber(version) then reject('STALE_PLAN', floor.plan) end
  if route and not queue_rules(route.queue) then reject('NOT_IN_PLAN', route.queue) end
end

-- Turns a route into where a contact waits from now on; its classes become known.
local function spot(route)
  local place = { queue = route.queue, class = '', rings = '' }
  for i, step in ipairs(route.steps) do
    define_class(step.class)
    if i == 1 then
      place.class = step.class.key
    else
      place.rings = place.rings .. text(now + step.after) .. ':' .. step.when_empty .. ':'
        .. step.class.key .. ' '
    end
  end
  place.closes_at = route.closes_in and now + route.closes_in
  return place
end

-- Gives the next step of a contact's way: when, whether it is taken for want of staff, the class,
-- and the steps after it.
local function first_ring(contact)
  if not contact.rings then return nil end
  local at, when_empty, class, rest = string.match(contact.rings, '^(%d+):([01]):(%S+) (.*)$')
  return tonumber(at), when_empty == '1', class, rest
end
