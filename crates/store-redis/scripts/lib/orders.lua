-- The orders ready agents stand in.

local draw, is_weighted, score

do
  -- Seconds of idle time come after this many units of a coarser order.
  local COARSE = 8589934592
  local DRAW_MODULUS = 2147483647

  -- Draws an agent's lot: the least of as many draws as his weight, so that the lowest lot among
  -- several agents is his with the share of his weight. After Park and Miller (1988).
  function draw(id, weight)
    local words, state = seed .. id, 1
    for i = 1, #words do state = (state * 31 + string.byte(words, i)) % DRAW_MODULUS end
    -- Seeds that differ by little must not give draws that differ by little.
    state = (state % 65536 + 1) * (math.floor(state / 65536) + 1) % DRAW_MODULUS
    state = math.max(state, 1)
    local lot
    for i = 1, 2 + math.max(weight or 0, 1) do
      state = state * 48271 % DRAW_MODULUS
      if i > 2 and (not lot or state < lot) then lot = state end
    end
    return lot
  end

  function is_weighted(ability)
    for _, order in ipairs(ability.orders) do
      if order == 'weighted' then return true end
    end
  end

  -- Gives where an agent stands in an order; lower comes first.
  function score(agent, order)
    local idle = agent.idle_since or 0
    if order == 'idle' then return idle end
    if order == 'offered' then return agent.last_offered or 0 end
    if order == 'talk_time' then return agent.talk_time or 0 end
    if order == 'weighted' then return agent.draw or 0 end
    local units = order == 'handled' and agent.handled or order == 'fixed' and agent.seat_order or 0
    return units * COARSE + math.floor(idle / 1000)
  end
end
