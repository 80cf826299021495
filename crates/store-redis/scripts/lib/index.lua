-- The indices: deadlines, live entities and legs.
-- Deadlines are kept in memory while a step lasts: most are never written.

local agent_deadline, arm_contact, arm_gateway, arm_class, arm_place, write_arms

do
  -- Gives the deadline that must be armed for an agent: of his lease, or of after-call work.
  function agent_deadline(agent)
    local deadline = agent.lease_until
    for till in string.gmatch(agent.work or '', ':w:(%d+):') do
      till = tonumber(till)
      if not deadline or till < deadline then deadline = till end
    end
    return deadline
  end

  local function arm(member, deadline) arms[member] = deadline or false end

  local function set_deadline(record, deadline)
    record.deadline = deadline
    touch(record)
  end

  function arm_contact(id, deadline) set_deadline(entity('contact', id), deadline) end

  function arm_gateway(id, deadline) set_deadline(entity('gateway', id), deadline) end

  function arm_class(class, deadline) arm('k:' .. class, deadline) end

  function arm_place(caller, deadline) arm('p:' .. caller, deadline) end

  -- Arms what the entities of the step say of their deadlines.
  function arm_entity(kind, id, fields, before)
    local at, was
    if kind == 'agent' then
      at, was = agent_deadline(fields), agent_deadline(before)
    elseif kind == 'contact' or kind == 'gateway' then
      at, was = fields.deadline, before.deadline
    end
    if at ~= was then arm(string.sub(kind, 1, 1) .. ':' .. id, at) end
  end

  function write_arms()
    local adds, removes = {}, {}
    for member, at in pairs(arms) do
      if at then
        adds[#adds + 1] = text(at)
        adds[#adds + 1] = member
      else
        removes[#removes + 1] = member
      end
    end
    if #adds > 0 then redis.call('ZADD', prefix .. 'deadlines', unpack(adds)) end
    if #removes > 0 then redis.call('ZREM', prefix .. 'deadlines', unpack(removes)) end
  end
end

local function mark_live(member) redis.call('ZADD', prefix .. 'live', text(floor.epoch), member) end

local function unmark_live(member) redis.call('ZREM', prefix .. 'live', member) end

local function token_number(token) return tonumber(string.match(token, '%.(%d+)$')) end

local function mark_leg(id, number)
  redis.call('ZADD', key('legs', entity('contact', id).gateway), text(number), id)
end

local function unmark_leg(id) redis.call('ZREM', key('legs', entity('contact', id).gateway), id) end
