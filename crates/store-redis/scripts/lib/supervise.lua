-- What supervisors and callers ask for: contacts that wait are checked, callbacks are made.

-- Checks that a contact waits or rings, within reach of its gateway.
local function check_waits(id)
  local contact = entity('contact', id)
  if not contact then reject('UNKNOWN_CONTACT') end
  if contact.state ~= 'queued' and contact.state ~= 'offered' then
    reject('WRONG_STATE', contact.state)
  end
  if not is_confirmed(id) then reject('GATEWAY_NOT_FRESH') end
  return contact
end

-- Checks that a callback may take the place of a contact, in a queue with these rules.
local function check_callback(id, rules)
  local contact = entity('contact', id)
  if not contact then reject('UNKNOWN_CONTACT') end
  local waits = contact.state == 'queued' or contact.state == 'offered'
  local overflowed = contact.state == 'ended' and contact.end_reason == 'overflow'
  if not overflowed and (not waits or contact.closes_at) then
    reject('WRONG_STATE', contact.state)
  end
  if not rules or rules.callback_attempts == 0 then reject('NO_CALLBACK', 'queue') end
  if not contact.caller then reject('NO_CALLBACK', 'caller') end
  return contact
end

-- Makes a contact without a leg that has the place of another.
local function create_callback(origin, id, opens_at, closes_at)
  create('contact', id, { state = 'queued', channel = 'callback', gateway = origin.gateway,
    call_sequence = 0, started_at = now, caller = origin.caller, queue = origin.queue,
    class = origin.class, rank = origin.rank, sequence = origin.sequence,
    enqueued_at = origin.enqueued_at, priority = origin.priority,
    overflows_at = origin.overflows_at, opens_at = opens_at, closes_at = closes_at, attempts = 0,
    details = origin.details, version = 0 })
  mark_live('c:' .. id)
end
