-- The calls that are owed to callers: which one is open for a caller in a queue.
local owed = {}

-- Names what belongs to one caller in one queue.
function owed.key(queue, caller) return queue .. ' ' .. (caller or '') end

-- Says whether a contact is a callback whose caller has not been on the line yet. It waits for its time,
-- whether anybody works or not, and until its time is over.
function owed.is_open(contact) return contact.closes_at and not contact.reached end

-- Gives the call that is owed to the same caller in a queue, beside one that is owed elsewhere.
function owed.besides(contact, queue, id)
  local other = owed.is_open(contact)
    and redis.call('HGET', prefix .. 'callbacks', owed.key(queue, contact.caller))
  return other and other ~= id and other
end

-- Notes which caller a call is owed to, unless the caller has another in the same queue.
function owed.note(id, contact)
  if not owed.is_open(contact) or not contact.queue then return end
  redis.call('HSETNX', prefix .. 'callbacks', owed.key(contact.queue, contact.caller), id)
end

-- Forgets which caller a call is owed to, once the caller is on the line, or the callback is over or
-- waits elsewhere.
function owed.forget(id)
  local contact = entity('contact', id)
  if not owed.is_open(contact) or not contact.queue then return end
  local caller = owed.key(contact.queue, contact.caller)
  if redis.call('HGET', prefix .. 'callbacks', caller) == id then
    redis.call('HDEL', prefix .. 'callbacks', caller)
  end
end
