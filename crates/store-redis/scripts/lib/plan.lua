-- The routing plan: queue rules, which profiles serve a class, and which classes a profile serves.

local RULES = { 'ring_timeout', 'max_wait', 'max_waiting', 'wrap_up', 'cool_down', 'miss_threshold',
  'decline_makes_not_ready' }

local function queue_rules(queue)
  local line = queue and redis.call('HGET', prefix .. 'plan', 'queue:' .. queue)
  if not line then return nil end
  local rules, at = {}, 1
  for number in string.gmatch(line, '(%d+) ') do
    rules[RULES[at]] = tonumber(number)
    at = at + 1
  end
  rules.overflow = string.match(line, '([^ ]*)$')
  return rules
end

local function rules_of(id)
  local contact = entity('contact', id)
  return contact and queue_rules(contact.queue)
end

local function class_queue(class) return redis.call('HGET', prefix .. 'plan', 'class:' .. class) end

-- A class on its way in: "queue class rank:profile rank:profile ...", or empty for none.
local function parse_class(line)
  if line == '' then return nil end
  local class = { profiles = {} }
  for word in string.gmatch(line, '%S+') do
    if not class.queue then
      class.queue = word
    elseif not class.key then
      class.key = word
    else
      local rank, profile = string.match(word, '^(%d+):(.*)$')
      class.profiles[profile] = rank
    end
  end
  return class
end

local function define_class(class)
  if class_queue(class.key) then return end
  redis.call('HSET', prefix .. 'plan', 'class:' .. class.key, class.queue)
  for profile, rank in pairs(class.profiles) do
    redis.call('ZADD', key('served', class.key), rank, profile)
    redis.call('ZADD', key('serves', profile), rank, class.key)
  end
end

local function forget_class(class)
  for _, profile in ipairs(redis.call('ZRANGE', key('served', class.key), 0, -1)) do
    redis.call('ZREM', key('serves', profile), class.key)
  end
  redis.call('DEL', key('served', class.key))
  redis.call('HDEL', prefix .. 'plan', 'class:' .. class.key)
end

local function check_plan(version, class)
  if floor.plan ~= tonumber(version) then reject('STALE_PLAN', floor.plan) end
  if class and not queue_rules(class.queue) then reject('NOT_IN_PLAN', class.queue) end
end
