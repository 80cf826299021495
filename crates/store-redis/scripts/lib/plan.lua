-- The routing plan: queue rules, which profiles serve a class, and what a profile can serve.
-- What a line of text says never changes, so it is read once and remembered beyond the step.

local plan_read, planned, write_plan

do
  local RULES = { 'ring_timeout', 'ring_count', 'max_wait', 'max_waiting', 'max_active', 'wrap_up',
    'wrap_up_extension', 'no_answer_cool_down', 'no_answer_threshold', 'declined_cool_down',
    'declined_threshold', 'busy_cool_down', 'busy_threshold', 'unreachable_cool_down',
    'unreachable_threshold', 'join_when_empty', 'leave_when_empty', 'redial_window', 'draining',
    'callback_attempts', 'callback_retry', 'callback_lifetime' }
  local WORDS = { 'order', 'wrap_up_mode', 'overflow', 'when_closed' }
  local CAUSES = { 'no_answer', 'declined', 'busy', 'unreachable' }
  local MEMORY = 4096
  local remembered, remembered_count = { queue = {}, class = {}, ability = {} }, 0

  local function parse_rules(line)
    local rules, at = { misses = {} }, 1
    for word in string.gmatch(line, '%S+') do
      if RULES[at] then
        rules[RULES[at]] = tonumber(word)
      else
        rules[WORDS[at - #RULES]] = word ~= '-' and word or ''
      end
      at = at + 1
    end
    for _, cause in ipairs(CAUSES) do
      rules.misses[cause] = { cool_down = rules[cause .. '_cool_down'],
        threshold = rules[cause .. '_threshold'] }
    end
    return rules
  end

  -- A class: "version profile=rank:preference profile=rank:preference ...".
  local function parse_class(line)
    local class = { version = tonumber(string.match(line, '^%d+')), profiles = {} }
    for profile, rank, preference in string.gmatch(line, ' ([^ =]+)=(%d+):(%-?%d+)') do
      class.profiles[#class.profiles + 1] =
        { name = profile, rank = rank, preference = tonumber(preference) }
    end
    return class
  end

  -- What a profile can serve: "order,order channel=capacity:blocked+blocked channel=...".
  local function parse_ability(line)
    local ability = { orders = {}, slots = {}, by_channel = {} }
    for order in string.gmatch(string.match(line, '^%S*'), '[^,]+') do
      ability.orders[#ability.orders + 1] = order
    end
    for channel, capacity, words in string.gmatch(line, ' (%a+)=(%d+):(%S*)') do
      local slot = { channel = channel, capacity = tonumber(capacity), blocked_by = {} }
      for blocked in string.gmatch(words, '[^+]+') do slot.blocked_by[blocked] = true end
      ability.slots[#ability.slots + 1], ability.by_channel[channel] = slot, slot
    end
    return ability
  end

  local PARSERS = { queue = parse_rules, class = parse_class, ability = parse_ability }

  local function remember(kind, line)
    local found = remembered[kind][line]
    if found then return found end
    if remembered_count >= MEMORY then
      remembered, remembered_count = { queue = {}, class = {}, ability = {} }, 0
    end
    found = PARSERS[kind](line)
    remembered[kind][line], remembered_count = found, remembered_count + 1
    return found
  end

  -- Gives what the plan says of a queue, a class or a profile's ability.
  function planned(kind, name)
    local field = kind .. ':' .. name
    local found = plan_read[field]
    if found == nil then
      local line = redis.call('HGET', prefix .. 'plan', field)
      found = line and remember(kind, line) or false
      plan_read[field] = found
    end
    return found or nil
  end

  function write_plan(kind, name, line)
    redis.call('HSET', prefix .. 'plan', kind .. ':' .. name, line)
    plan_read[kind .. ':' .. name] = nil
  end
end
