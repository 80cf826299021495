-- One step in progress: the clock, the entities read so far, and the events it will append.
-- Entities are read once, changed in memory, and written when the step is accepted; a command
-- checks before it touches an index, so a refusal leaves no trace.

local BATCH, MENU_LIMIT, CONNECT_LIMIT, GATEWAY_GRACE, MAX_TICK, MAX_HOPS,
  BARRIER_LEASES = 64, 300000, 5000, 30000, 1000, 3, 3
local DAY_SECONDS = 86400
local prefix, now, wall, seed, trace, current_run, offers_made, events, entities, floor

-- Spelled out: while a library is loaded, Lua's own libraries are out of reach.
local NUMBERS = { call_sequence = 1, started_at = 1, rank = 1, sequence = 1, enqueued_at = 1,
  priority = 1, overflows_at = 1, deadline = 1, version = 1, hops = 1, idle_since = 1, misses = 1,
  lease_until = 1, wrap_up_until = 1, expires_at = 1, epoch = 1, now = 1, wall = 1, tokens = 1,
  plan = 1, barrier_until = 1 }

local function text(value)
  if type(value) == 'number' then return string.format('%.0f', value) end
  return value
end

local function key(kind, id) return prefix .. kind .. ':' .. id end

local function reject(code, detail) error({ code = code, detail = text(detail or '') }, 0) end

local function read(name)
  local flat, fields = redis.call('HGETALL', name), {}
  for i = 1, #flat, 2 do
    local field, value = flat[i], flat[i + 1]
    if value ~= '' then fields[field] = NUMBERS[field] and tonumber(value) or value end
  end
  return fields, #flat > 0
end

local function entity(kind, id)
  local name = kind == 'floor' and prefix .. 'floor' or key(kind, id)
  local found = entities[name]
  if found == nil then
    local fields, exists = read(name)
    local before = {}
    for field, value in pairs(fields) do before[field] = value end
    found = exists and { kind = kind, id = id, fields = fields, before = before } or false
    entities[name] = found
  end
  return found and found.fields or nil
end

local function create(kind, id, fields)
  entities[key(kind, id)] = { kind = kind, id = id, fields = fields, before = {} }
  return fields
end

local function write(name, record)
  local sets, dels = {}, {}
  for field, value in pairs(record.fields) do
    if record.before[field] ~= value then
      sets[#sets + 1] = field
      sets[#sets + 1] = text(value)
    end
  end
  for field in pairs(record.before) do
    if record.fields[field] == nil then dels[#dels + 1] = field end
  end
  if #sets > 0 then redis.call('HSET', name, unpack(sets)) end
  if #dels > 0 then redis.call('HDEL', name, unpack(dels)) end
  local over = record.fields.state == 'ended' or record.fields.outcome
  local was_over = record.before.state == 'ended' or record.before.outcome
  if over and not was_over then redis.call('EXPIRE', name, DAY_SECONDS) end
  if was_over and not over then redis.call('PERSIST', name) end
end

local function tell(kind, id, version, event, fields)
  events[#events + 1] = { kind, id, version, event, fields }
end

local function changed(kind, id, event, fields)
  local record = entity(kind, id)
  record.version = (record.version or 0) + 1
  if kind == 'contact' or kind == 'agent' then fields.state = record.state end
  tell(kind, id, record.version, event, fields)
end

local function floor_changed(event, fields)
  floor.version = floor.version + 1
  tell('floor', '', floor.version, event, fields)
end
