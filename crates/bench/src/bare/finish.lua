-- An agent is free: takes the contact that is ahead in k lines, or stands ready.
-- KEYS: prefix. ARGV: agent, his list, k, now, offer.
local prefix, agent, k, now = KEYS[1], ARGV[1], tonumber(ARGV[3]), tonumber(ARGV[4])
local contact, rank, line
for i = 0, k - 1 do
  local head = redis.call('ZRANGE', prefix .. 'waiting:' .. i, 0, 0, 'WITHSCORES')
  local score = tonumber(head[2])
  if score and (not contact or score < rank) then contact, rank, line = head[1], score, i end
end
if not contact then
  redis.call('ZADD', prefix .. 'ready:' .. ARGV[2], now, agent)
  redis.call('XADD', prefix .. 'outbox', '*', 'kind', 'ready', 'agent', agent)
  return {}
end
redis.call('ZREM', prefix .. 'waiting:' .. line, contact)
redis.call('HSET', prefix .. 'offer:' .. ARGV[5], 'contact', contact, 'agent', agent)
redis.call('ZADD', prefix .. 'deadlines', now + 20000, ARGV[5])
redis.call('XADD', prefix .. 'outbox', '*', 'kind', 'offered', 'contact', contact, 'agent', agent)
return { contact }
