-- Writes the outbox of calls as the floor does, an entry for each step, into a stream beside it.
-- KEYS: the floor, the stream. ARGV: the first call, how many, the millisecond of all places, the
-- place of the last entry so far. Gives the place of the last entry, and the epoch.

local first, count, at, place = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4])
local epoch = cmsgpack.unpack(redis.call('GET', KEYS[1])).epoch
local now = tonumber(at)

local function step(told)
  place = place + #told
  local packed = cmsgpack.pack({ epoch, now, now, '', told })
  redis.call('XADD', KEYS[2], at .. '-' .. string.format('%.0f', place), 'e', packed)
end

for number = first, first + count - 1 do
  local call, agent = 'call-' .. number, 'agent-' .. number % 500
  local offer = 'offer-' .. number
  step({ { 'contact', call, 1, 'contact_started', { state = 'in_menu', gateway = 'gateway-1',
    calling_number = '+86138' .. string.format('%08d', number), language = 'zh-CN',
    calling_raw = '138' .. string.format('%08d', number), called_number = '+862160000000' } } })
  step({ { 'contact', call, 2, 'contact_queued', { state = 'queued', queue = 'open' } },
    { 'contact', call, 3, 'contact_offered', { state = 'offered', agent = agent, offer = offer } },
    { 'offer', offer, 1, 'offer_made', { contact = call, agent = agent } },
    { 'agent', agent, number * 4 + 1, 'agent_offered', { contact = call, state = 'busy' } } })
  step({ { 'offer', offer, 2, 'offer_closed', { contact = call, outcome = 'accepted' } },
    { 'contact', call, 4, 'contact_connecting', { state = 'connecting', agent = agent } },
    { 'agent', agent, number * 4 + 2, 'agent_busy', { contact = call, state = 'busy' } } })
  step({ { 'contact', call, 5, 'contact_connected', { state = 'connected', agent = agent } } })
  step({ { 'contact', call, 6, 'contact_ended', { state = 'ended', reason = 'completed' } },
    { 'agent', agent, number * 4 + 3, 'agent_wrap_up', { contact = call, state = 'wrap_up' } } })
  step({ { 'agent', agent, number * 4 + 4, 'wrap_up_finished', { contact = call, state = 'ready',
    disposition = 'sold', notes = 'wants the window seat' } },
    { 'agent', agent, number * 4 + 5, 'agent_ready', { state = 'ready' } } })
end

return { string.format('%.0f', place), epoch }
