-- Makes a callback that nobody on the line asked for: a call that is owed.
-- ARGS: callback, gateway, plan version, route, opens in ms, closes in ms, who decided it, caller,
-- priority, rank credit in ms, details, the agents it is never offered to with a space between.

-- How long a callback keeps from ringing those it is not offered to: a year.
local FOR_GOOD = 31536000000

local function check(rules, queue, caller)
  if not rules or rules.callback_attempts == 0 then reject('NO_CALLBACK', 'queue') end
  if caller == '' then reject('NO_CALLBACK', 'caller') end
  if redis.call('HEXISTS', prefix .. 'callbacks', queue .. ' ' .. caller) == 1 then
    reject('NO_CALLBACK', 'open')
  end
end

local function spare(agents)
  local line = ''
  for agent in string.gmatch(agents, '%S+') do
    line = line .. agent .. '=' .. text(now + FOR_GOOD) .. ' '
  end
  return line ~= '' and line or nil
end

return function(id, gateway, plan, route_text, opens_in, closes_in, by, caller, priority, credit,
    details, spared)
  if entity('contact', id) then return DUPLICATE end
  local route = parse_route(route_text)
  check_plan(plan, route)
  local rules = planned('queue', route.queue)
  check(rules, route.queue, caller)
  local opens_at = now + tonumber(opens_in)
  local closes_at = math.min(opens_at + rules.callback_lifetime, now + tonumber(closes_in))
  create_callback({ gateway = gateway }, id, { caller = caller, details = details,
    opens_at = opens_at, closes_at = closes_at, spared = spare(spared) })
  place(id, spot(route), tonumber(credit), tonumber(priority))
  wait_in_line(id, { cause = 'owed', by = by })
  match_contact(id)
  return done(entity('contact', id))
end
