-- Offers: made in the step that finds a match, closed in the step that decides them.

local function make_offer(id, agent)
  offers_made = offers_made + 1
  local offer, contact, seat = seed .. '.' .. offers_made, entity('contact', id), entity('agent', agent)
  local queue = contact.queue
  local rules = queue_rules(queue)
  local expires_at = now + (rules and rules.ring_timeout or 0)
  leave_line(id)
  leave_ready(agent)
  contact.state, contact.offer, contact.agent = 'offered', offer, agent
  arm_contact(id, expires_at)
  seat.state, seat.offer, seat.contact = 'offered', offer, id
  create('offer', offer, { contact = id, agent = agent, expires_at = expires_at })
  tell('offer', offer, 1, 'offer_made',
    { contact = id, agent = agent, queue = queue, expires_at = expires_at })
  changed('contact', id, 'contact_offered',
    { offer = offer, agent = agent, queue = queue, expires_at = expires_at })
  changed('agent', agent, 'agent_offered', { offer = offer, contact = id })
end

local function close_offer(id, outcome)
  local offer = entity('offer', id)
  if not offer then return end
  offer.outcome = outcome
  tell('offer', id, 2, 'offer_closed',
    { contact = offer.contact, agent = offer.agent, outcome = outcome })
end

local function may_match() return floor.barrier_open and floor.settled end

local function match_contact(id)
  if not may_match() or not is_vouched(id) then return end
  if entity('contact', id).state ~= 'queued' then return end
  local agent = best_agent(id)
  if agent then make_offer(id, agent) end
end

local function serve(agent)
  if entity('agent', agent).state ~= 'ready' then return false end
  local id = best_contact(agent)
  if not id then return false end
  make_offer(id, agent)
  return true
end

local function match_agent(agent)
  if may_match() then serve(agent) end
end

local function longest_idle(profiles, skipped)
  local best, best_since, best_profile
  for _, profile in ipairs(profiles) do
    local skip = skipped[profile] or 0
    local head = skip < 16 and redis.call('ZRANGE', key('ready', profile), skip, skip, 'WITHSCORES')
    if head and #head > 0 then
      local agent, since = head[1], tonumber(head[2])
      if not best or since < best_since or (since == best_since and sorts_before(agent, best)) then
        best, best_since, best_profile = agent, since, profile
      end
    end
  end
  return best, best_profile
end

-- Makes every match that is left, up to 64 offers; then the floor is settled.
local function settle()
  if not floor.barrier_open then return end
  local profiles, skipped = redis.call('SMEMBERS', prefix .. 'profiles'), {}
  local first = offers_made
  while offers_made - first < BATCH do
    local agent, profile = longest_idle(profiles, skipped)
    if not agent then
      floor.settled = '1'
      return
    end
    if not serve(agent) then skipped[profile] = (skipped[profile] or 0) + 1 end
  end
  floor.settled = nil
end
