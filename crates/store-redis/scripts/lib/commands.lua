-- Registers commands: begins the step, runs it, and commits what it did.

local command

do
  local MAX_TICK = 1000
  -- Which arguments name records: these are read together with the floor.
  local REPORT, DESK, TALK, RUNG =
    { 'contact', 'gateway' }, { 'agent' }, { 'agent', false, 'contact' }, { 'agent', false, 'offer' }
  local NAMED = { start_contact = REPORT, step_menu = REPORT, route_contact = REPORT,
    report_bridged = REPORT, report_bridge_failed = REPORT, report_dial_failed = REPORT,
    report_agent_gone = REPORT, hang_up = REPORT, renew_agent = DESK, set_want = DESK,
    accept_offer = RUNG, decline_offer = RUNG, finish_wrap_up = TALK, extend_wrap_up = TALK,
    transfer_contact = TALK, start_consult = TALK, complete_consult = TALK, cancel_consult = TALK }

  local function tick(given)
    local time = given == '' and redis.call('TIME')
    wall = time and time[1] * 1000 + math.floor(time[2] / 1000) or tonumber(given)
    if clock.wall == 0 then
      now = wall
    else
      now = clock.now + math.min(math.max(wall - clock.wall, 0), MAX_TICK)
    end
    clock.now, clock.wall = now, wall
  end

  local function begin(name, keys, argv)
    redis, string, ipairs, tonumber = globals()
    prefix, current_run, seed, trace = string.sub(keys[1], 1, -6), argv[1], argv[3], argv[4]
    offers_made, room_made, told, arms = 0, false, {}, {}
    lined, pending, listed = {}, {}, {}
    open_records(NAMED[name], argv)
    tick(argv[2])
    open_plan()
  end

  local function check_open(name, run)
    if name == 'open_epoch' then return end
    if floor.epoch == 0 or floor.run ~= run then reject('EPOCH_CLOSED') end
    if floor.sweeping and name ~= 'sweep_epoch' and name ~= 'load_plan' then
      reject('RECOVERING')
    end
  end

  local function commit(reply)
    write_lines()
    local last, packed = append()
    write_records()
    write_arms()
    return { 'ok', reply[1], reply[2] or '', floor.epoch, last, packed }
  end

  -- Runs a command, then matches what room it made.
  local function run(name, body, argv)
    check_open(name, argv[1])
    local reply = body(unpack(argv, 5))
    if room_made and may_match() then fill_room() end
    return reply
  end

  function command(name, body)
    redis.register_function(name .. SUFFIX, function(keys, argv)
      begin(name, keys, argv)
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
