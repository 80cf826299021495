-- What gateways report: sessions checked, repeated reports left out, contacts made and routed.

local function check_gateway(id, token)
  local gateway = entity('gateway', id)
  if not gateway then reject('UNKNOWN_GATEWAY') end
  if gateway.token ~= token then reject('STALE_SESSION') end
  return gateway
end

-- Checks a report against its contact; gives nil when it was applied before.
local function admit(id, gateway, token, sequence)
  check_gateway(gateway, token)
  local contact = entity('contact', id)
  if not contact then reject('UNKNOWN_CONTACT') end
  if contact.gateway ~= gateway then reject('OTHER_GATEWAY') end
  if tonumber(sequence) <= contact.call_sequence then return nil end
  if contact.token ~= token and contact.state ~= 'ended' then reject('GATEWAY_NOT_FRESH') end
  return contact
end

local function create_contact(id, gateway, token, sequence, fallback, details)
  create('contact', id, { state = 'in_menu', gateway = gateway, token = token,
    call_sequence = tonumber(sequence), started_at = now, fallback = fallback and fallback.key,
    details = details ~= '' and details or nil, version = 0 })
  arm_contact(id, now + MENU_LIMIT)
  mark_leg(id, token_number(token))
  mark_live('c:' .. id)
end

local function wait_in_line(id, cause)
  local contact = entity('contact', id)
  contact.state = 'queued'
  arm_contact(id, wait_deadline(id))
  enter_line(id)
  changed('contact', id, 'contact_queued', { queue = contact.queue, class = contact.class,
    priority = contact.priority, rank = contact.rank, cause = cause, details = contact.details or '' })
end

local function join_queue(id, cause)
  local contact, rules = entity('contact', id), rules_of(id)
  if redis.call('ZCARD', key('queued', contact.queue)) >= (rules and rules.max_waiting or 0) then
    return overflow(id)
  end
  wait_in_line(id, cause)
  match_contact(id)
end

-- Sends a contact that cannot wait on: to the queue the rules name, or to its end.
function overflow(id)
  local contact, rules = entity('contact', id), rules_of(id)
  local class = rules and string.match(rules.overflow, '^queue:(.*)$')
  if not class or not class_queue(class) or (contact.hops or 0) >= MAX_HOPS then
    return end_contact(id, 'overflow')
  end
  contact.hops = (contact.hops or 0) + 1
  leave_line(id)
  place(id, class, 0, 0)
  join_queue(id, 'overflowed')
end

-- Takes an unanswered offer back: the contact waits at its old place, the agent rests.
local function take_back(offer, id, agent, outcome)
  local rules, seat = rules_of(id), entity('agent', agent)
  close_offer(offer, outcome)
  cool_down(id, agent)
  requeue(id, outcome, agent)
  local declined, stop = outcome == 'declined', nil
  if declined then
    stop = rules and rules.decline_makes_not_ready == 1
  else
    seat.misses = seat.misses + 1
    local threshold = rules and rules.miss_threshold or 0
    stop = threshold > 0 and seat.misses >= threshold
  end
  if stop then want_not_ready(agent, declined and 'declined' or 'no_answer') end
  rest(agent)
  match_contact(id)
  match_agent(agent)
end

local function open_barrier()
  if floor.barrier_open or floor.sweeping then return end
  if redis.call('SCARD', prefix .. 'pending') > 0 then return end
  floor.barrier_open = '1'
  floor_changed('barrier_opened', {})
  settle()
end
