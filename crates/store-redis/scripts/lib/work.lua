-- What an agent has in his hands, written "contact=channel:since:phase:until:extension:done " for
-- each contact in order of their names; and what he is doing, seen as one thing.

-- Redis compares members byte by byte; Lua's own comparison would follow the machine's locale.
local function sorts_before(a, b)
  for i = 1, math.min(#a, #b) do
    local x, y = string.byte(a, i), string.byte(b, i)
    if x ~= y then return x < y end
  end
  return #a < #b
end

local function work_of(agent)
  local list = {}
  if not agent.work then return list end
  for contact, channel, since, phase, till, extension, said in string.gmatch(agent.work,
    '([^= ]+)=(%a+):(%-?%d+):(%a):(%d*):(%d*):(1?) ') do
    list[#list + 1] = { contact = contact, channel = channel, since = tonumber(since),
      phase = phase, till = tonumber(till), extension = tonumber(extension) or 0,
      done = said ~= '' and said or nil }
  end
  return list
end

local function set_work(agent, list)
  local line = ''
  for _, item in ipairs(list) do
    line = line .. item.contact .. '=' .. item.channel .. ':' .. text(item.since) .. ':'
      .. item.phase .. ':' .. text(item.till or '') .. ':' .. text(item.extension or 0) .. ':'
      .. (item.done and '1' or '') .. ' '
  end
  agent.work = line ~= '' and line or nil
  touch(agent)
end

local function find_work(agent, contact)
  local list = work_of(agent)
  for _, item in ipairs(list) do
    if item.contact == contact then return item, list end
  end
  return nil, list
end

-- Keeps the work of an agent that `keep` says yes to.
local function retain_work(agent, keep)
  local kept = {}
  for _, item in ipairs(work_of(agent)) do
    if keep(item) then kept[#kept + 1] = item end
  end
  set_work(agent, kept)
end

local function drop_work(agent, contact)
  retain_work(agent, function(item) return item.contact ~= contact end)
end

local function add_work(agent, contact, channel)
  drop_work(agent, contact)
  local list = work_of(agent)
  list[#list + 1] = { contact = contact, channel = channel, since = now, phase = 't' }
  table.sort(list, function(a, b) return sorts_before(a.contact, b.contact) end)
  set_work(agent, list)
end

local function is_idle(agent) return not agent.offer and not agent.work end

local function is_working(agent) return agent.session and agent.want == 'ready' end

local function agent_state(agent)
  if agent.offer then return 'offered' end
  if agent.work then return string.find(agent.work, ':t:', 1, true) and 'busy' or 'wrap_up' end
  if not agent.session then return 'offline' end
  return agent.want == 'ready' and 'ready' or 'not_ready'
end
