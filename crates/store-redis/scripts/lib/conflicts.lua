-- What an agent cannot have in his hands beside one more contact.

local conflicting, is_elsewhere

do
  -- Says whether two talk on a channel: to one at a time, then.
  local function is_spoken(channel) return channel == 'voice' or channel == 'callback' end

  -- What is only wrapped up goes first, then the consultation that may have become this very contact,
  -- then what no gateway has told of in its present session.
  local function strength(item, id)
    if item.phase ~= 't' then return 0 end
    if entity('contact', item.contact).parent == id then return 1 end
    return is_confirmed(item.contact) and 3 or 2
  end

  local function by_strength(id)
    return function(a, b)
      local one, other = strength(a, id), strength(b, id)
      if one ~= other then return one < other end
      return sorts_before(a.contact, b.contact)
    end
  end

  local function excludes(ability, slot, channel, other)
    if slot then return slot.blocked_by[other] end
    -- Whoever is forgotten has what gateways tell of him, and speaks to one at a time.
    return ability or is_spoken(channel) or is_spoken(other)
  end

  -- Gives the work an agent cannot have beside one more contact of a channel. Of what fills the
  -- channel that is only as much as is too much.
  function conflicting(seat, id, channel)
    local ability = planned('ability', seat.profile)
    local slot, full, found = ability and ability.by_channel[channel], {}, {}
    for _, item in ipairs(work_of(seat)) do
      if item.contact ~= id and excludes(ability, slot, channel, item.channel) then
        found[#found + 1] = item
      elseif item.contact ~= id and item.channel == channel then
        full[#full + 1] = item
      end
    end
    table.sort(full, by_strength(id))
    for i = 1, slot and #full + 1 - slot.capacity or 0 do found[#found + 1] = full[i] end
    return found
  end

  -- Says whether an agent talks to somebody whom he cannot have beside a contact: one that is over
  -- does not take him from there.
  function is_elsewhere(agent, id)
    local seat = agent ~= '' and entity('agent', agent)
    local own = seat and find_work(seat, id)
    if not seat or (own and own.phase == 't') then return false end
    for _, item in ipairs(conflicting(seat, id, entity('contact', id).channel)) do
      if item.phase == 't' then return true end
    end
    return false
  end
end
