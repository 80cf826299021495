-- How the plan is written: a line of text for each queue, class, profile's ability, and for what a
-- profile serves.

local PARSERS

do
  local RULES = { 'ring_timeout', 'ring_count', 'max_wait', 'max_waiting', 'max_active', 'wrap_up',
    'wrap_up_extension', 'no_answer_cool_down', 'no_answer_threshold', 'declined_cool_down',
    'declined_threshold', 'busy_cool_down', 'busy_threshold', 'unreachable_cool_down',
    'unreachable_threshold', 'join_when_empty', 'leave_when_empty', 'redial_window', 'draining',
    'callback_attempts', 'callback_retry', 'callback_lifetime' }
  local WORDS = { 'order', 'wrap_up_mode', 'overflow', 'when_closed',
    'default_disposition' }
  local CAUSES = { 'no_answer', 'declined', 'busy', 'unreachable' }

  local function parse_rules(line, queue)
    local rules, at = { misses = {} }, 1
    rules.queued, rules.active = key('queued', queue), key('active', queue)
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
    local class = { version = tonumber(string.match(line, '^%d+')), profiles = {}, staff = {},
      ready = {} }
    for profile, rank, preference in string.gmatch(line, ' ([^ =]+)=(%d+):(%-?%d+)') do
      class.profiles[#class.profiles + 1] =
        { name = profile, rank = rank, preference = tonumber(preference) }
      class.staff[#class.staff + 1] = key('staff', profile)
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

  -- The classes a profile serves: "rank class rank class ...".
  local function parse_serves(line)
    local classes, waiting = {}, {}
    for rank, name in string.gmatch(line, '(%d+) (%S+)') do
      classes[#classes + 1] = { name = name, order = tonumber(rank),
        channel = string.match(name, '^([^:]*):') }
      waiting[#waiting + 1] = key('waiting', name)
    end
    return { classes = classes, waiting = waiting }
  end

  PARSERS =
    { queue = parse_rules, class = parse_class, ability = parse_ability, serves = parse_serves }
end
