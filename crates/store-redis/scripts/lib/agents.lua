-- Moves of an agent that several commands share: rest, release, detach, sign out.

local sign_out, rest, unburden, wrap_up_rules, release_by, release, detach

do
  function sign_out(id, cause)
    leave_ready(id)
    local agent = entity('agent', id)
    agent.lease_until, agent.offer, agent.offer_contact, agent.work = nil, nil, nil, nil
    agent.session, agent.detached, agent.reason, agent.wants_wrap_up = nil, nil, nil, nil
    agent.want = 'signed_out'
    unmark_live('a:' .. id)
    restaff(id)
    changed('agent', id, 'agent_signed_out', { cause = cause })
  end

  -- Brings an agent to rest after something left him: to what he wants to be, or offline when his
  -- desktop is gone. With other work in his hands he goes on with that.
  function rest(id, keep_idle)
    leave_ready(id)
    local agent = entity('agent', id)
    local idle = is_idle(agent)
    if idle and agent.detached then return sign_out(id, 'lost') end
    if idle and agent.want == 'signed_out' then return sign_out(id, 'wanted') end
    if not is_working(agent) then
      return changed('agent', id, 'agent_not_ready', { reason = agent.reason or '' })
    end
    agent.reason = nil
    if not keep_idle then agent.idle_since = now end
    enter_ready(id)
    changed('agent', id, 'agent_ready', {})
  end

  -- Takes a contact out of an agent's hands without after-call work.
  function unburden(id, contact)
    drop_work(entity('agent', id), contact)
    rest(id)
  end

  -- Gives how after-call work is done in the queue of a contact.
  function wrap_up_rules(contact)
    local rules = rules_of(contact)
    if not rules then return 'none', 0 end
    return rules.wrap_up_mode, rules.wrap_up
  end

  local function wraps_up(mode, asked, till)
    if mode == 'optional' then return asked end
    if mode == 'timed' or mode == 'timed_fixed' then return till end
    return mode == 'until_done'
  end

  -- Frees an agent from a contact he talked to, by the given rules: the contact may have moved.
  function release_by(id, contact, mode, span)
    leave_ready(id)
    local agent = entity('agent', id)
    local item, list = find_work(agent, contact)
    if not item then return end
    agent.talk_time = (agent.talk_time or 0) + math.max(now - item.since, 0)
    local asked, till = agent.wants_wrap_up, nil
    agent.wants_wrap_up = nil
    if mode ~= 'until_done' and span > 0 then till = now + span end
    if not wraps_up(mode, asked, till) or (agent.detached and not till) then
      return unburden(id, contact)
    end
    item.phase, item.till, item.extension, item.done = 'w', till, 0, nil
    set_work(agent, list)
    enter_ready(id)
    changed('agent', id, 'agent_wrap_up', { contact = contact, ['until'] = till or '' })
  end

  -- Frees an agent from a contact he talked to: to after-call work, or to rest if there is none.
  function release(id, contact)
    local mode, span = wrap_up_rules(contact)
    release_by(id, contact, mode, span)
  end

  -- Notes that the desktop of a bound agent is gone.
  function detach(id)
    leave_ready(id)
    local agent = entity('agent', id)
    agent.lease_until, agent.session, agent.detached = nil, nil, '1'
    restaff(id)
    changed('agent', id, 'agent_detached', {})
  end
end
