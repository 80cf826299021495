-- Places kept for callers who left: by a callback, or for a while to ring in again.

local miss_caller, keep_place, forget_place, resume_place

do
  -- Brings a callback whose caller was not reached back to its place for a later attempt.
  local function put_off(id, outcome, agent, retry)
    local contact = entity('contact', id)
    contact.attempts, contact.opens_at = (contact.attempts or 0) + 1, now + retry
    arm_contact(id, wait_deadline(id))
    enter_line(id)
    changed('contact', id, 'callback_failed', { outcome = outcome, attempt = contact.attempts,
      agent = agent or '', opens_at = contact.opens_at })
  end

  -- Sends a callback whose caller was not reached back to its place, or ends it after the last
  -- attempt, for the reason told; frees the agent.
  function miss_caller(id, outcome, reason)
    local contact, rules = entity('contact', id), rules_of(id)
    local agent = contact.agent
    unmark_leg(id)
    set_state(id, 'queued')
    contact.token = nil
    if not contact.closes_at then return end
    put_off(id, outcome, agent, rules and rules.callback_retry or 0)
    local limit = rules and rules.callback_attempts or 0
    if contact.attempts >= limit then end_contact(id, reason) end
    if not agent then return end
    match_contact(id)
    unburden(agent, id)
    match_agent(agent)
  end

  -- Keeps the place of a caller who leaves while waiting, if his queue does that.
  function keep_place(id)
    local contact, rules = entity('contact', id), rules_of(id)
    local span = rules and rules.redial_window or 0
    local waits = contact.state == 'queued' or contact.state == 'offered'
    if not waits or span == 0 then return end
    if not contact.caller or contact.parent or not contact.queue then return end
    local caller, till = owed.key(contact.queue, contact.caller), now + span
    redis.call('HSET', prefix .. 'kept', caller, text(contact.rank) .. ' ' .. text(contact.sequence)
      .. ' ' .. text(contact.enqueued_at) .. ' ' .. text(contact.priority) .. ' ' .. text(till))
    arm_place(caller, till)
  end

  function forget_place(caller)
    redis.call('HDEL', prefix .. 'kept', caller)
    arm_place(caller, nil)
  end

  -- Gives a contact a place, unless it has one further ahead.
  local function take_place(id, other)
    local contact = entity('contact', id)
    if contact.queue and (contact.rank < other.rank
      or contact.rank == other.rank and contact.sequence < other.sequence) then return end
    contact.queue, contact.class, contact.rings = other.queue, other.class, nil
    contact.rank, contact.sequence, contact.priority = other.rank, other.sequence, other.priority
    contact.enqueued_at, contact.overflows_at = other.enqueued_at, other.overflows_at
  end

  -- Gives a caller who rings in again the place that was kept for him, by an open callback or since
  -- he left; says whose place it was.
  function resume_place(id, queue)
    local contact = entity('contact', id)
    if not contact.caller then return '' end
    local caller = owed.key(queue, contact.caller)
    local callback = redis.call('HGET', prefix .. 'callbacks', caller)
    if callback and not entity('contact', callback).token then
      take_place(id, entity('contact', callback))
      end_by(callback, 'superseded', { by = id })
      return callback
    end
    local kept = redis.call('HGET', prefix .. 'kept', caller)
    if not kept then return '' end
    forget_place(caller)
    local rank, sequence, enqueued_at, priority, till = string.match(kept,
      '^(%S+) (%S+) (%S+) (%S+) (%S+)$')
    if tonumber(till) <= now then return '' end
    take_place(id, { queue = queue, class = '', rank = tonumber(rank), sequence = tonumber(sequence),
      enqueued_at = tonumber(enqueued_at), priority = tonumber(priority), overflows_at = now })
    return '1'
  end
end
