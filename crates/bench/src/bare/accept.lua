-- An agent accepts an offer. KEYS: prefix. ARGV: offer, agent.
local prefix, offer = KEYS[1], ARGV[1]
if redis.call('HGET', prefix .. 'offer:' .. offer, 'agent') ~= ARGV[2] then return 0 end
redis.call('HSET', prefix .. 'offer:' .. offer, 'outcome', 'accepted')
redis.call('ZREM', prefix .. 'deadlines', offer)
redis.call('XADD', prefix .. 'outbox', '*', 'kind', 'accepted', 'offer', offer, 'agent', ARGV[2])
return 1
