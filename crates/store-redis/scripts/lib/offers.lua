-- Offers: made in the step that finds a match, closed in the step that decides them.
-- A contact keeps its live offers as "offer=agent offer=agent ", in the order they were made.

local offers_of, set_offers, next_offer_id, make_offers,
  close_offer, close_offers

do
  function offers_of(contact)
    local list = {}
    for offer, agent in string.gmatch(contact.offers or '', '([^= ]+)=([^= ]+) ') do
      list[#list + 1] = { offer = offer, agent = agent }
    end
    return list
  end

  function set_offers(contact, list)
    local line = ''
    for _, made in ipairs(list) do line = line .. made.offer .. '=' .. made.agent .. ' ' end
    contact.offers = line ~= '' and line or nil
  end

  function next_offer_id()
    offers_made = offers_made + 1
    return seed .. '.' .. offers_made
  end

  local function make_offer(id, agent, expires_at, why, score_told)
    local offer, contact, seat = next_offer_id(), entity('contact', id), entity('agent', agent)
    local queue = contact.queue
    leave_ready(agent)
    clock.offered = clock.offered + 1
    seat.last_offered, seat.offer, seat.offer_contact = clock.offered, offer, id
    contact.offers = (contact.offers or '') .. offer .. '=' .. agent .. ' '
    create('offer', offer, { contact = id, agent = agent, expires_at = expires_at })
    tell('offer', offer, 1, 'offer_made', { queue = queue, expires_at = expires_at, contact = id,
      agent = agent, chosen_by = why.chosen_by, order = why.order, score = score_told or '',
      over = why.over, over_score = why.over_score })
    changed('contact', id, 'contact_offered',
      { queue = queue, expires_at = expires_at, offer = offer, agent = agent })
    changed('agent', agent, 'agent_offered', { offer = offer, contact = id })
  end

  -- Rings agents for a contact, one offer each; does nothing without agents.
  function make_offers(id, agents, why)
    if #agents == 0 then return end
    local rules = rules_of(id)
    local expires_at = now + (rules and rules.ring_timeout or 0)
    leave_line(id)
    set_state(id, 'offered')
    arm_contact(id, expires_at)
    for i, agent in ipairs(agents) do
      make_offer(id, agent, expires_at, why, why.scores[i] or why.scores[#why.scores])
    end
  end

  -- Ends an offer: it rings its agent no more. The caller brings the agent to rest.
  function close_offer(id, outcome)
    local offer = entity('offer', id)
    if not offer then return end
    offer.outcome = outcome
    touch(offer)
    local seat = entity('agent', offer.agent)
    if seat and seat.offer == id then
      seat.offer, seat.offer_contact = nil, nil
      touch(seat)
    end
    tell('offer', id, 2, 'offer_closed',
      { contact = offer.contact, agent = offer.agent, outcome = outcome })
  end

  -- Ends every offer of a contact; gives the agents who were rung, to be brought to rest. The
  -- caller moves the contact to another state.
  function close_offers(id, outcome)
    local contact, rung = entity('contact', id), {}
    local offers = offers_of(contact)
    contact.offers = nil
    for i, made in ipairs(offers) do
      close_offer(made.offer, outcome)
      rung[i] = made.agent
    end
    return rung
  end
end
