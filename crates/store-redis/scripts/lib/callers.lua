-- Which callback is open for a caller in a queue.

-- Names what belongs to one caller in one queue.
local function caller_key(queue, caller) return queue .. ' ' .. (caller or '') end

-- Says whether a contact is a callback whose caller has not been on the line yet. It waits for its time,
-- whether anybody works or not, and until its time is over.
local function is_owed(contact) return contact.closes_at and not contact.reached end

-- Notes which caller a call is owed to, unless the caller has another in the same queue.
local function index_callback(id, contact)
  if not is_owed(contact) or not contact.queue then return end
  redis.call('HSETNX', prefix .. 'callbacks', caller_key(contact.queue, contact.caller), id)
end

-- Forgets which caller a call is owed to, once the caller is on the line, or the callback is over or
-- waits elsewhere.
local function forget_callback(id)
  local contact = entity('contact', id)
  if not is_owed(contact) or not contact.queue then return end
  local caller = caller_key(contact.queue, contact.caller)
  if redis.call('HGET', prefix .. 'callbacks', caller) == id then
    redis.call('HDEL', prefix .. 'callbacks', caller)
  end
end
