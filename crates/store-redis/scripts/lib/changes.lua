-- Changes of versions: each is told as an event.

local function changed(kind, id, event, fields)
  local record = entity(kind, id)
  record.version = (record.version or 0) + 1
  touch(record)
  if kind == 'contact' then fields.state = record.state end
  if kind == 'agent' then fields.state = agent_state(record) end
  tell(kind, id, record.version, event, fields)
end

local function floor_changed(event, fields)
  floor.version = floor.version + 1
  touch(floor)
  tell('floor', '', floor.version, event, fields)
end

local function next_token()
  floor.tokens = floor.tokens + 1
  touch(floor)
  return text(floor.epoch) .. '.' .. text(floor.tokens)
end
