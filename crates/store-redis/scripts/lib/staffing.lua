-- Who works: contacts may not join, may leave or may look further when nobody eligible does.

local is_empty, is_staffed, note_unstaffed, restaff, change_profile

do
  -- Says whether somebody works who is eligible for a class.
  function is_staffed(class)
    local person = personal_agent(class)
    if person then
      local agent = entity('agent', person)
      return agent and is_working(agent)
    end
    local known = planned('class', class)
    return known and any_exists(known.staff)
  end

  -- Says whether nobody works for a class, and did not only lose the desktop to a new epoch.
  function is_empty(class)
    return now >= (floor.opened_at or 0) + GATEWAY_GRACE and not is_staffed(class)
  end

  -- Notes that contacts wait in a class though nobody works for it.
  function note_unstaffed(class)
    if is_staffed(class) or redis.call('HEXISTS', prefix .. 'empty', class) == 1 then return end
    local since = math.max(now, (floor.opened_at or 0) + GATEWAY_GRACE)
    redis.call('HSET', prefix .. 'empty', class, text(since))
    arm_class(class, since)
  end

  local function note_empty(class)
    write_lines()
    if redis.call('EXISTS', key('waiting', class)) == 1 then note_unstaffed(class) end
  end

  local function forget_empty(class)
    if redis.call('HDEL', prefix .. 'empty', class) == 1 then arm_class(class, nil) end
  end

  local function served_by(profile)
    local serves = planned('serves', profile)
    return serves and serves.classes or {}
  end

  -- Notes the classes a profile served, once nobody of it works any more.
  local function note_unserved(profile)
    if redis.call('EXISTS', key('staff', profile)) == 1 then return end
    for _, class in ipairs(served_by(profile)) do note_empty(class.name) end
  end

  local function forget_served(profile, id)
    if redis.call('EXISTS', prefix .. 'empty') == 0 then return end
    for _, class in ipairs(served_by(profile)) do forget_empty(class.name) end
    forget_empty('@' .. id)
  end

  -- Counts an agent among those who work, or no longer; contacts of classes that lose their last
  -- one are looked at when the deadline fires.
  function restaff(id)
    local agent = entity('agent', id)
    local staff = key('staff', agent.profile)
    if is_working(agent) then
      if redis.call('SADD', staff, id) == 1 then forget_served(agent.profile, id) end
    elseif redis.call('SREM', staff, id) == 1 then
      note_unserved(agent.profile)
      note_empty('@' .. id)
    end
  end

  -- Gives an agent another profile; the caller has taken him off the lists of the old one.
  function change_profile(id, profile)
    local agent = entity('agent', id)
    local before = agent.profile
    if before == profile then return end
    if redis.call('SREM', key('staff', before), id) == 1 then note_unserved(before) end
    agent.profile = profile
  end
end
