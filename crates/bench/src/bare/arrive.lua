-- A contact arrives: rings the longest idle agent of k lists, or waits.
-- KEYS: prefix. ARGV: contact, waiting line, k, now, offer.
local prefix, contact, k, now = KEYS[1], ARGV[1], tonumber(ARGV[3]), tonumber(ARGV[4])
local agent, since, list
for i = 0, k - 1 do
  local head = redis.call('ZRANGE', prefix .. 'ready:' .. i, 0, 0, 'WITHSCORES')
  local score = tonumber(head[2])
  if score and (not agent or score < since) then agent, since, list = head[1], score, i end
end
if not agent then
  redis.call('ZADD', prefix .. 'waiting:' .. ARGV[2], now, contact)
  redis.call('XADD', prefix .. 'outbox', '*', 'kind', 'queued', 'contact', contact)
  return {}
end
redis.call('ZREM', prefix .. 'ready:' .. list, agent)
redis.call('HSET', prefix .. 'offer:' .. ARGV[5], 'contact', contact, 'agent', agent)
redis.call('ZADD', prefix .. 'deadlines', now + 20000, ARGV[5])
redis.call('XADD', prefix .. 'outbox', '*', 'kind', 'offered', 'contact', contact, 'agent', agent)
return { agent, tostring(list) }
