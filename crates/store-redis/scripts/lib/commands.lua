-- Registers commands: begins the step, runs it, and commits what it did.

local function tick(given)
  if given == '' then
    local time = redis.call('TIME')
    wall = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
  else
    wall = tonumber(given)
  end
  if floor.wall == 0 then
    now = wall
  else
    now = floor.now + math.min(math.max(wall - floor.wall, 0), MAX_TICK)
  end
end

local function begin(keys, argv)
  prefix, current_run, seed, trace = string.sub(keys[1], 1, -6), argv[1], argv[3], argv[4]
  offers_made, events, entities = 0, {}, {}
  floor = entity('floor', '')
  if not floor then
    floor = { epoch = 0, now = 0, wall = 0, tokens = 0, sequence = 0, version = 0, plan = 0,
      settled = '1' }
    entities[prefix .. 'floor'] = { kind = 'floor', id = '', fields = floor, before = {} }
  end
  tick(argv[2])
end

local function check_open(name, run)
  if name == 'open_epoch' then return end
  if floor.epoch == 0 or floor.run ~= run then reject('EPOCH_CLOSED') end
  if floor.sweeping and name ~= 'sweep_epoch' and name ~= 'load_plan' then reject('RECOVERING') end
end

local function append(event)
  local entry = { '@epoch', text(floor.epoch), '@entity', event[1], '@id', event[2], '@version',
    text(event[3]), '@kind', event[4], '@at', text(now), '@wall', text(wall), '@trace', trace }
  local told = { event[1], event[2], text(event[3]), event[4] }
  for name, value in pairs(event[5]) do
    entry[#entry + 1], told[#told + 1] = name, name
    entry[#entry + 1], told[#told + 1] = text(value), text(value)
  end
  return redis.call('XADD', prefix .. 'outbox', '*', unpack(entry)), told
end

local function commit(reply)
  floor.now, floor.wall = now, wall
  for name, record in pairs(entities) do
    if record then write(name, record) end
  end
  local last, told = '', {}
  for i, event in ipairs(events) do last, told[i] = append(event) end
  return { 'ok', reply[1], text(reply[2] or ''), text(floor.epoch), last, told }
end

local function command(name, body)
  redis.register_function(name .. SUFFIX, function(keys, argv)
    begin(keys, argv)
    local done, result = pcall(function()
      check_open(name, argv[1])
      return body(unpack(argv, 5))
    end)
    if done then return commit(result) end
    if type(result) == 'table' and result.code then
      return { 'rejected', result.code, result.detail }
    end
    if type(result) == 'table' then return result end
    return redis.error_reply('ERR ' .. name .. ': ' .. tostring(result))
  end)
end

local function done(record) return { 'done', record.version or 0 } end

local DUPLICATE, MORE = { 'duplicate' }, { 'more' }
