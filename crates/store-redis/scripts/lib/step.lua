-- One step in progress: the clock, the entities read so far, and the events it will append.
-- Entities are read once, changed in memory, and written when the step is accepted; a command
-- checks before it touches an index, so a refusal leaves no trace.

local BATCH, MENU_LIMIT, CONNECT_LIMIT, GATEWAY_GRACE, MAX_TICK, MAX_HOPS,
  BARRIER_LEASES = 64, 300000, 5000, 30000, 1000, 3, 3
local DAY_SECONDS = 86400
local prefix, now, wall, seed, trace, current_run, offers_made, room_made
local events, entities, floor, arms

-- Spelled out: while a library is loaded, Lua's own libraries are out of reach.
local NUMBERS = { call_sequence = 1, started_at = 1, rank = 1, sequence = 1, enqueued_at = 1,
  priority = 1, overflows_at = 1, deadline = 1, version = 1, hops = 1, idle_since = 1,
  lease_until = 1, expires_at = 1, epoch = 1, now = 1, wall = 1, tokens = 1, plan = 1,
  barrier_until = 1, offered = 1, opened_at = 1, opens_at = 1, closes_at = 1, attempts = 1,
  weight = 1, seat_order = 1, last_offered = 1, handled = 1, talk_time = 1, draw = 1 }

local function text(value)
  if type(value) == 'number' then return string.format('%.0f', value) end
  return value
end

local function key(kind, id) return prefix .. kind .. ':' .. id end

local function reject(code, detail) error({ code = code, detail = text(detail or '') }, 0) end

-- Notes that a record is changed: others that were only looked at are not written.
local function watched(record, fields)
  return setmetatable({}, { __index = fields, __newindex = function(_, field, value)
    record.is_changed, fields[field] = true, value
  end })
end

-- What indices must know of an entity as it was.
local function remains(all)
  return { state = all.state, outcome = all.outcome, deadline = all.deadline, work = all.work,
    lease_until = all.lease_until, session = all.session, want = all.want, offer = all.offer,
    profile = all.profile }
end

-- A record is kept packed in one field: to read fields one by one costs several times as much.
local function entity(kind, id)
  local known = entities[kind]
  local found = known[id]
  if found == nil then
    local packed = redis.call('HGET', key(kind, id), 'r')
    found = false
    if packed then
      local all = cmsgpack.unpack(packed)
      found = { all = all, before = remains(all) }
      found.fields = watched(found, all)
    end
    known[id] = found
  end
  return found and found.fields or nil
end

local function create(kind, id, fields)
  entities[kind][id] = { all = fields, fields = fields, is_changed = true }
  return fields
end

local NOTHING = {}

-- Gives what is remembered of an entity as it was before the step.
local function before_of(kind, id)
  return entity(kind, id) and entities[kind][id].before or NOTHING
end

local function is_over(fields) return fields.state == 'ended' or fields.outcome ~= nil end

-- Writes a record; an empty field counts as absent, and numbers are kept as numbers.
local function write(name, fields, before)
  for field, value in pairs(fields) do
    if value == '' then
      fields[field] = nil
    elseif type(value) == 'string' and NUMBERS[field] then
      fields[field] = tonumber(value)
    end
  end
  redis.call('HSET', name, 'r', cmsgpack.pack(fields))
  local over, was_over = is_over(fields), is_over(before)
  if over and not was_over then redis.call('EXPIRE', name, DAY_SECONDS) end
  if was_over and not over then redis.call('PERSIST', name) end
end

local function tell(kind, id, version, event, fields)
  events[#events + 1] = { kind, id, version, event, fields }
end
