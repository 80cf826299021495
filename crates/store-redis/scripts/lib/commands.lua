-- Registers commands: begins the step, runs it, and commits what it did.

local command

do
  local function tick(given)
    local time = given == '' and redis.call('TIME')
    wall = time and time[1] * 1000 + math.floor(time[2] / 1000) or tonumber(given)
    if floor.wall == 0 then
      now = wall
    else
      now = floor.now + math.min(math.max(wall - floor.wall, 0), MAX_TICK)
    end
  end

  local function begin(keys, argv)
    prefix, current_run, seed, trace = string.sub(keys[1], 1, -6), argv[1], argv[3], argv[4]
    offers_made, room_made, events, arms = 0, false, {}, {}
    entities = { contact = {}, agent = {}, gateway = {}, offer = {} }
    lined, pending, listed, plan_read = {}, {}, {}, {}
    local packed = redis.call('HGET', prefix .. 'floor', 'r')
    floor = packed and cmsgpack.unpack(packed) or { epoch = 0, now = 0, wall = 0, tokens = 0,
      sequence = 0, version = 0, plan = 0, settled = '1' }
    tick(argv[2])
  end

  local function check_open(name, run)
    if name == 'open_epoch' then return end
    if floor.epoch == 0 or floor.run ~= run then reject('EPOCH_CLOSED') end
    if floor.sweeping and name ~= 'sweep_epoch' and name ~= 'load_plan' then
      reject('RECOVERING')
    end
  end

  -- Packs an event once, for the stream and for the reply.
  local function append(event)
    local packed = cmsgpack.pack({ floor.epoch, event[1], event[2], event[3], event[4], now, wall,
      trace, event[5] })
    return redis.call('XADD', prefix .. 'outbox', '*', 'e', packed), packed
  end

  local function write_entities()
    for kind, known in pairs(entities) do
      for id, record in pairs(known) do
        if record and record.is_changed then
          local before = before_of(kind, id)
          arm_entity(kind, id, record.all, before)
          write(key(kind, id), record.all, before)
        end
      end
    end
  end

  local function commit(reply)
    floor.now, floor.wall = now, wall
    write_lines()
    write_entities()
    write(prefix .. 'floor', floor, NOTHING)
    write_arms()
    local last, told = '', {}
    for i, event in ipairs(events) do last, told[i] = append(event) end
    return { 'ok', reply[1], text(reply[2] or ''), text(floor.epoch), last, told }
  end

  -- Runs a command, then matches what room it made.
  local function run(name, body, argv)
    check_open(name, argv[1])
    local reply = body(unpack(argv, 5))
    if room_made and may_match() then settle() end
    return reply
  end

  function command(name, body)
    redis.register_function(name .. SUFFIX, function(keys, argv)
      begin(keys, argv)
      local is_done, result = pcall(run, name, body, argv)
      if is_done then return commit(result) end
      if type(result) == 'table' and result.code then
        return { 'rejected', result.code, result.detail }
      end
      if type(result) == 'table' then return result end
      return redis.error_reply('ERR ' .. name .. ': ' .. tostring(result))
    end)
  end
end

local function done(record) return { 'done', record.version or 0 } end

local DUPLICATE, MORE = { 'duplicate' }, { 'more' }
