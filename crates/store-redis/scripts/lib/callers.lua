-- Which callback is open for a caller in a queue.

-- Names what belongs to one caller in one queue.
local function caller_key(queue, caller) return queue .. ' ' .. (caller or '') end

-- Notes which caller a callback is for, unless the caller has another in the same queue.
local function index_callback(id, contact)
  if not contact.closes_at then return end
  redis.call('HSETNX', prefix .. 'callbacks', caller_key(contact.queue, contact.caller), id)
end

-- Forgets which caller a callback is for, once it is over or waits elsewhere.
local function forget_callback(id)
  local contact = entity('contact', id)
  if not contact.closes_at or not contact.queue then return end
  local caller = caller_key(contact.queue, contact.caller)
  if redis.call('HGET', prefix .. 'callbacks', caller) == id then
    redis.call('HDEL', prefix .. 'callbacks', caller)
  end
end
