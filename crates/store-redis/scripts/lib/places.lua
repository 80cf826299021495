-- Where contacts stand in line, by class and by queue. Places are kept in memory while a step lasts:
-- most are never written.

local lined, pending
local line_member, line_state, write_line, erase_line, write_lines

do
  -- Says whether a class is held for one agent.
  local function is_own(class) return string.sub(class, 1, 1) == '@' end

  function line_member(id)
    return string.format('%016.0f:%s', entity('contact', id).sequence, id)
  end

  -- Says where a contact is: 'in' line, 'out', or 'pending' until it is written.
  function line_state(id)
    return lined[id] or (before_of('contact', id).state == 'queued' and 'in' or 'out')
  end

  function write_line(id)
    local contact, member = entity('contact', id), line_member(id)
    local class, rank = contact.class, text(contact.rank)
    redis.call('ZADD', key('waiting', class), rank, member)
    redis.call('ZADD', key('queued', contact.queue), rank, member)
    if is_own(class) then redis.call('ZADD', prefix .. 'own_lines', 0, class) end
    lined[id], pending[id] = 'in', nil
  end

  -- Takes a contact out of its lines; that of one agent is forgotten with the last who waits in it.
  function erase_line(id)
    local contact, member = entity('contact', id), line_member(id)
    local class = contact.class
    redis.call('ZREM', key('waiting', class), member)
    redis.call('ZREM', key('queued', contact.queue), member)
    if is_own(class) and redis.call('EXISTS', key('waiting', class)) == 0 then
      redis.call('ZREM', prefix .. 'own_lines', class)
    end
  end

  -- Writes the lines down before they are looked at.
  function write_lines()
    for id in pairs(pending) do write_line(id) end
  end
end
