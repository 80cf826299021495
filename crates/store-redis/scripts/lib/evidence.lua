-- What a gateway's evidence does to links that memory holds otherwise.

local let_go, claim

do
  -- Frees whoever the contact was bound to, unless it is the agent the gateway names.
  function let_go(id, was, keep)
    for _, made in ipairs(was.offers) do
      close_offer(made.offer, 'gateway_gone')
      if made.agent ~= keep then rest(made.agent, true) end
    end
    if not was.agent or was.agent == keep then return end
    if was.state == 'connected' then release(was.agent, id) else unburden(was.agent, id) end
  end

  -- Takes the agent from a contact, for a gateway has proven that he talks to another one. That may
  -- be the consultation about it, which then goes on without it.
  local function unbind(id, agent, proven)
    drop_consult(id, proven)
    renew_wait(id)
    requeue(id, 'agent_busy', agent)
  end

  -- Takes from an agent what he cannot have beside one more contact; gives those he was bound to.
  local function clear_seat(agent, seat, id, channel)
    local displaced, offer, ringing = {}, seat.offer, seat.offer_contact
    if offer then
      close_offer(offer, 'gateway_gone')
      drop_offer(ringing, offer, agent, 'agent_busy')
      displaced[1] = ringing
    end
    for _, item in ipairs(conflicting(seat, id, channel)) do
      drop_work(seat, item.contact)
      -- The end of one may have ended the consultation about it.
      if item.phase == 't' and entity('contact', item.contact).agent == agent then
        unbind(item.contact, agent, id)
        displaced[#displaced + 1] = item.contact
      end
    end
    return displaced
  end

  -- Binds the agent a gateway names to the contact, whatever he was thought to be doing; gives the
  -- contacts he was bound to before.
  function claim(agent, id)
    local seat = entity('agent', agent) or create_agent(agent, 'unknown')
    leave_ready(agent)
    if agent_state(seat) == 'offline' then seat.detached = '1' end
    local channel = entity('contact', id).channel
    local displaced = clear_seat(agent, seat, id, channel)
    add_work(seat, id, channel)
    mark_live('a:' .. agent)
    enter_ready(agent)
    changed('agent', agent, 'agent_busy', { contact = id })
    return displaced
  end
end
