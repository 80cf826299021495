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

-- Checks that a contact may have a callback, in a queue with these rules, to the caller agreed on.
local function check_callback(id, rules, caller)
  local contact = entity('contact', id)
  if not contact then reject('UNKNOWN_CONTACT') end
  local state = contact.state
  local waits = state == 'queued' or state == 'offered' or state == 'in_menu'
  local overflowed = state == 'ended' and contact.end_reason == 'overflow'
  if not overflowed and (not waits or contact.closes_at) then
    reject('WRONG_STATE', state)
  end
  if not rules or rules.callback_attempts == 0 then reject('NO_CALLBACK', 'queue') end
  if (caller or contact.caller or '') == '' then reject('NO_CALLBACK', 'caller') end
  return contact
end

-- Makes a contact without a leg that has the place of another, if that has one, and what is agreed in
-- its stead.
local function create_callback(origin, id, agreed)
  local details = agreed.details or origin.details or ''
  create('contact', id, { state = 'queued', channel = 'callback', gateway = origin.gateway,
    call_sequence = 0, started_at = now, caller = agreed.caller, queue = origin.queue,
    class = origin.class, rank = origin.rank, sequence = origin.sequence,
    enqueued_at = origin.enqueued_at, priority = origin.priority,
    overflows_at = origin.overflows_at, opens_at = agreed.opens_at, closes_at = agreed.closes_at,
    tried = agreed.spared, attempts = 0, details = details ~= '' and details or nil, version = 0 })
  mark_live('c:' .. id)
end
