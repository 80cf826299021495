-- Routes and profiles on their way in, and what becomes known of their classes.

local function rules_of(id)
  local contact = entity('contact', id)
  return contact and contact.queue and planned('queue', contact.queue)
end

-- Gives the agent a personal class is held for.
local function personal_agent(class) return string.match(class, '^@(.+)$') end

local parse_route

do
  local MEMORY = 1024
  local known, count = {}, 0

  local function read(route_text)
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

  -- A route on its way in: "queue closes_in" and a line for each step; nothing when it is empty.
  -- The same routes come in again and again: what a text says is remembered.
  function parse_route(route_text)
    if route_text == '' then return nil end
    local route = known[route_text]
    if route then return route end
    if count >= MEMORY then known, count = {}, 0 end
    route = read(route_text)
    known[route_text], count = route, count + 1
    return route
  end
end

local function check_plan(version, route)
  if floor.plan ~= tonumber(version) then reject('STALE_PLAN', floor.plan) end
  if route and not planned('queue', route.queue) then reject('NOT_IN_PLAN', route.queue) end
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
