-- Moves of a contact that several commands share: place, wait, cool down.

local renew_wait, place, cool_down, wait_deadline, is_called_back

do
  -- Takes the steps of a contact's way that are due because nobody works for those before.
  local function skip_empty(contact)
    while true do
      local _, when_empty, class, rest_of_way = first_ring(contact)
      if not when_empty or not is_empty(contact.class) then return end
      contact.class, contact.rings = class, rest_of_way ~= '' and rest_of_way or nil
    end
  end

  -- Lets the longest wait of a contact begin anew, as after a talk; that of a callback whose caller
  -- is not on the line never does.
  function renew_wait(id)
    local contact, rules = entity('contact', id), rules_of(id)
    if not contact.queue then return end
    local window = owed.is_open(contact) and contact.closes_at
    contact.overflows_at = window or now + (rules and rules.max_wait or 0)
    touch(contact)
  end

  -- Gives a contact a place in line: a new one at the end, or the old one elsewhere.
  function place(id, where, credit, priority)
    leave_active(id)
    owed.forget(id)
    local contact = entity('contact', id)
    if not contact.queue then
      clock.sequence = clock.sequence + 1
      contact.rank, contact.sequence = now - credit, clock.sequence
      contact.enqueued_at, contact.priority = now, priority
    end
    contact.queue, contact.class = where.queue, where.class
    contact.rings = where.rings ~= '' and where.rings or nil
    owed.note(id, contact)
    renew_wait(id)
    -- Who is to be called waits for his time, whenever the queue closes for those on the line.
    if where.closes_at and not owed.is_open(contact) then
      contact.overflows_at = math.min(contact.overflows_at, where.closes_at)
    end
    skip_empty(contact)
  end

  local function set_tried(contact, map)
    local line = ''
    for agent, till in pairs(map) do line = line .. agent .. '=' .. text(till) .. ' ' end
    contact.tried = line ~= '' and line or nil
    touch(contact)
  end

  -- Keeps a contact from ringing an agent again before the queue's cool-down has passed.
  function cool_down(id, agent, cause)
    local contact, rules = entity('contact', id), rules_of(id)
    local line = ''
    for other, till in string.gmatch(contact.tried or '', '([^= ]+)=(%d+) ') do
      if other ~= agent then line = line .. other .. '=' .. till .. ' ' end
    end
    local till = now + (rules and rules.misses[cause].cool_down or 0)
    contact.tried = line .. agent .. '=' .. text(till) .. ' '
  end

  -- Gives the time at which a waiting contact must be looked at again.
  function wait_deadline(id)
    local contact = entity('contact', id)
    local deadline, map = contact.overflows_at or now, nil
    if contact.tried then
      map = tried(contact)
      set_tried(contact, map)
      for _, till in pairs(map) do deadline = math.min(deadline, till) end
    end
    if contact.closes_at and contact.opens_at > now then
      deadline = math.min(deadline, contact.opens_at)
    end
    local ring_at = first_ring(contact)
    return ring_at and math.min(deadline, ring_at) or deadline
  end

  -- Says whether a contact is a callback whose caller has not been reached yet.
  function is_called_back(id)
    local contact = entity('contact', id)
    return owed.is_open(contact) and contact.state == 'connecting'
  end
end
