-- One step in progress: the clock, the records read so far, and the events it will append.
-- A command checks before it touches an index, so a refusal leaves no trace.

-- While a library is loaded, Lua's own libraries are out of reach; later they are, but a local is
-- found several times as fast as a global.
local function globals() return redis, string, ipairs, tonumber end
local redis, string, ipairs, tonumber = redis

local BATCH, MENU_LIMIT, CONNECT_LIMIT, GATEWAY_GRACE = 8, 900000, 5000, 30000
local prefix, now, wall, seed, trace, current_run, offers_made, room_made
local told, arms, entities, before, touched, floor, clock

local function text(value)
  if type(value) == 'number' then return string.format('%.0f', value) end
  return value
end

local function key(kind, id) return prefix .. kind .. ':' .. id end

local function reject(code, detail) error({ code = code, detail = text(detail or '') }, 0) end

local any_exists

do
  local KEYS_AT_ONCE = 100

  -- Says whether there is any of some keys.
  function any_exists(names)
    for first = 1, #names, KEYS_AT_ONCE do
      local last = math.min(first + KEYS_AT_ONCE - 1, #names)
      if redis.call('EXISTS', unpack(names, first, last)) > 0 then return true end
    end
    return false
  end
end

-- Tells an event: what it is about, the version that brought it about, what happened.
local function tell(kind, id, version, event, fields)
  told[#told + 1] = { kind, id, version, event, fields }
end
