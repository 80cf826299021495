-- A contact joins a queue, or overflows when it cannot wait on.

local end_by, overflow, end_contact, merged, wait_in_line, join_with, join_or_close

do
  local MAX_HOPS = 3

  function end_contact(id, reason) end_by(id, reason) end

  function merged(fields, more)
    for name, value in pairs(more or {}) do fields[name] = value end
    return fields
  end

  function wait_in_line(id, why)
    set_state(id, 'queued')
    arm_contact(id, wait_deadline(id))
    enter_line(id)
    local contact = entity('contact', id)
    changed('contact', id, 'contact_queued', merged({ queue = contact.queue, class = contact.class,
      priority = contact.priority, rank = contact.rank, details = contact.details or '' }, why))
  end

  -- Says why a placed contact may not join its queue; who is owed a call always may.
  local function refusal(id)
    local contact, rules = entity('contact', id), rules_of(id)
    if owed.is_open(contact) then return nil end
    if not rules then return 'full' end
    if rules.draining == 1 then return 'draining' end
    write_lines()
    if redis.call('ZCARD', rules.queued) >= rules.max_waiting then return 'full' end
    if rules.join_when_empty ~= 1 and is_empty(contact.class) then return 'empty' end
  end

  -- Lets a placed contact join its queue, or overflow when it may not; tells why.
  function join_with(id, why)
    local cause = refusal(id)
    if cause then return overflow(id, cause) end
    wait_in_line(id, why)
    match_contact(id)
  end

  -- Lets a placed contact join its queue, unless it is closed; a call that is owed waits for it.
  function join_or_close(id, route, why)
    if route.closes_in == 0 and not owed.is_open(entity('contact', id)) then return overflow(id, 'closed') end
    join_with(id, why)
  end

  local function overflow_action(id, cause)
    local rules = rules_of(id)
    if not rules then return '' end
    return cause == 'closed' and rules.when_closed or rules.overflow
  end

  -- Reads "queue:booking:english:1" as the class of the contact's channel in that queue.
  local function overflow_spot(contact, action)
    local queue, skills = string.match(action, '^queue:([^:]*):(.*)$')
    if not queue then return nil end
    local class = contact.channel .. ':' .. queue .. '/' .. skills
    if not planned('class', class) or not planned('queue', queue) then return nil end
    return { queue = queue, class = class, rings = '' }
  end

  -- Has a caller who cannot wait on asked by a flow; wherever that leads, the age is kept.
  local function ask_by(id, flow, cause)
    leave_line(id)
    set_state(id, 'in_menu')
    arm_contact(id, now + MENU_LIMIT)
    local contact = entity('contact', id)
    contact.menu = 'flow:' .. flow
    changed('contact', id, 'contact_requeued', { queue = '', cause = cause, agent = '', flow = flow })
  end

  -- Sends a contact that cannot wait on: to the queue or the flow the rules name, or to its end.
  function overflow(id, cause)
    local contact = entity('contact', id)
    if owed.is_open(contact) then return end_contact(id, 'window_closed') end
    local action = overflow_action(id, cause)
    local where = overflow_spot(contact, action)
    local flow = contact.token and not contact.parent and string.match(action, '^flow:(.*)$')
    if not (where or flow) or (contact.hops or 0) >= MAX_HOPS then
      return end_by(id, 'overflow', { action = action, cause = cause })
    end
    contact.hops = (contact.hops or 0) + 1
    if flow then return ask_by(id, flow, cause) end
    leave_line(id)
    place(id, where, 0, 0)
    join_with(id, { cause = 'overflowed' })
  end
end
