-- The records of contacts, agents, gateways and offers: read once in a step, changed in memory,
-- written when the step is accepted. Each is one text: fields one by one cost several times as much.

local arm_entity, open_records, entity, touch, create, before_of, write_records

do
  local DAY_SECONDS = 86400
  local NOTHING = {}

  -- Notes a record, and what indices must know of it as it was.
  local function note(kind, id, packed)
    local record = packed and unpacked(packed) or false
    entities[kind][id] = record
    if not record then return nil end
    if kind == 'agent' then
      before[record] = { kind = kind, id = id, packed = packed, lease_until = record.lease_until,
        work = record.work, session = record.session, want = record.want, offer = record.offer,
        profile = record.profile }
    else
      before[record] = { kind = kind, id = id, packed = packed, state = record.state,
        deadline = record.deadline }
    end
    return record
  end

  -- Reads the floor, and with it the records that the arguments name.
  function open_records(named, argv)
    entities, before, touched = { contact = {}, agent = {}, gateway = {}, offer = {} }, {}, {}
    local names, kinds, ids = { prefix .. 'floor', prefix .. 'clock' }, {}, {}
    for at, kind in ipairs(named or NOTHING) do
      local id, count = kind and argv[at + 4], #names + 1
      if id then names[count], kinds[count], ids[count] = key(kind, id), kind, id end
    end
    local found = redis.call('MGET', unpack(names))
    floor = found[1] and unpacked(found[1])
      or { epoch = 0, tokens = 0, version = 0, plan = 0, settled = '1' }
    clock = found[2] and unpacked(found[2])
      or { now = 0, wall = 0, sequence = 0, offered = 0, told_at = 0, told = 0 }
    before[floor] = { packed = found[1] }
    for at = 3, #names do note(kinds[at], ids[at], found[at]) end
  end

  function entity(kind, id)
    local record = entities[kind][id]
    if record == nil then return note(kind, id, redis.call('GET', key(kind, id))) end
    return record or nil
  end

  -- Notes that a record is changed: others that were only looked at are not written. An event
  -- does so; a change without one must.
  function touch(record) touched[record] = true end

  function create(kind, id, record)
    entities[kind][id], before[record] = record, { kind = kind, id = id }
    touch(record)
    return record
  end

  -- Gives what is remembered of an entity as it was before the step.
  function before_of(kind, id) return before[entity(kind, id)] or NOTHING end

  -- Packs a record to be written with the others of the step. What is over is written at once: it
  -- is kept for a day, for repeated reports.
  local function pack(writes, name, record)
    local packed = cmsgpack.pack(record)
    remember(packed, record)
    if record.state == 'ended' or record.outcome then
      redis.call('SET', name, packed, 'EX', DAY_SECONDS)
    else
      writes[#writes + 1], writes[#writes + 2] = name, packed
    end
  end

  -- Writes what the step has changed.
  function write_records()
    local writes = {}
    for record, was in pairs(before) do
      if not touched[record] then
        remember(was.packed, record)
      elseif record == floor then
        pack(writes, prefix .. 'floor', floor)
      else
        arm_entity(was.kind, was.id, record, was)
        pack(writes, key(was.kind, was.id), record)
      end
    end
    pack(writes, prefix .. 'clock', clock)
    redis.call('MSET', unpack(writes))
  end
end
