-- What an agent missed, by cause: an answer clears some of it, a bridge all.

local device_misses, count_miss

do
  -- An answer clears what the agent missed; only a bridge clears what his device missed.
  function device_misses(misses)
    local line = ''
    for cause, count in string.gmatch(misses or '', '(%S+)=(%d+) ') do
      if cause == 'busy' or cause == 'unreachable' then line = line .. cause .. '=' .. count .. ' ' end
    end
    return line ~= '' and line or nil
  end

  -- Makes an agent want to be not ready, unless he wants to leave.
  local function want_not_ready(id, reason)
    leave_ready(id)
    local agent = entity('agent', id)
    if agent.want ~= 'ready' then return end
    agent.want, agent.reason = 'not_ready', reason ~= '' and reason or nil
    restaff(id)
  end

  -- Counts a missed offer; at the threshold of its cause the agent wants to be not ready.
  -- Misses are written "cause=count cause=count ".
  function count_miss(id, cause, threshold)
    local agent = entity('agent', id)
    local line, count = '', 1
    for other, misses in string.gmatch(agent.misses or '', '(%S+)=(%d+) ') do
      if other == cause then
        count = tonumber(misses) + 1
      else
        line = line .. other .. '=' .. misses .. ' '
      end
    end
    agent.misses = line .. cause .. '=' .. text(count) .. ' '
    if threshold > 0 and count >= threshold then want_not_ready(id, cause) end
  end
end
