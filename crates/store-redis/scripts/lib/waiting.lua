-- What happens to contacts that wait: they look further, or leave a class nobody works for.

-- What is done when a deadline has come, by what it is of.
local fire = {}

do
  -- Moves a waiting contact to the next class on its way.
  local function widen(id, cause)
    local contact, waits = entity('contact', id), is_in_line(id)
    leave_line(id)
    local _, _, class, rest_of_way = first_ring(contact)
    contact.class, contact.rings = class, rest_of_way ~= '' and rest_of_way or nil
    if waits then enter_line(id) end
    changed('contact', id, 'contact_widened', { class = class, cause = cause })
  end

  -- Lets a contact nobody works for look further or leave; says whether it did, or when it will.
  local function look_further(id, since)
    local contact, rules = entity('contact', id), rules_of(id)
    local _, when_empty = first_ring(contact)
    if when_empty then
      widen(id, 'empty')
      arm_contact(id, wait_deadline(id))
      match_contact(id)
      return true
    end
    local patience = rules and rules.leave_when_empty or -1
    if patience < 0 or owed.is_open(contact) then return false, nil end
    if since + patience > now then return false, since + patience end
    overflow(id, 'empty')
    return true
  end

  local function is_waited_in(class)
    write_lines()
    return redis.call('EXISTS', key('waiting', class)) == 1
  end

  -- Lets the first 8 contacts of a class look further; says when to look again.
  local function look_through(class, since)
    local heads = redis.call('ZRANGE', key('waiting', class), 0, BATCH - 1)
    local has_moved, next_at = false, nil
    for _, member in ipairs(heads) do
      local moved, at = look_further(string.sub(member, 18), since)
      has_moved = has_moved or moved
      if at and (not next_at or at < next_at) then next_at = at end
    end
    if has_moved and #heads == BATCH and is_waited_in(class) then return now end
    return next_at
  end

  -- Looks at a class nobody works for.
  function fire.class(class)
    arm_class(class, nil)
    if is_staffed(class) or not is_waited_in(class) then
      redis.call('HDEL', prefix .. 'empty', class)
      return
    end
    local since = redis.call('HGET', prefix .. 'empty', class)
    local next_at = look_through(class, since and tonumber(since) or now)
    if not is_waited_in(class) then
      redis.call('HDEL', prefix .. 'empty', class)
    elseif redis.call('HEXISTS', prefix .. 'empty', class) == 1 then
      arm_class(class, next_at)
    end
  end

  -- Looks at a contact whose wait is over, who may be rung again, or who takes the next step.
  function fire.wait(id)
    local contact = entity('contact', id)
    if (contact.overflows_at or 0) <= now then return overflow(id, 'waited') end
    while (first_ring(contact) or now + 1) <= now do widen(id, 'aged') end
    if contact.closes_at then enter_line(id) end
    arm_contact(id, wait_deadline(id))
    match_contact(id)
  end
end
