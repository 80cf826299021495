-- A leg is as its gateway says: bridged to an agent, or to nobody.
local leg = {}

do
  -- Says whether a contact is up, or may turn out to be.
  function leg.may_reopen(contact)
    if contact.state ~= 'ended' then return true end
    return contact.end_reason == 'gateway_lost' or contact.end_reason == 'gone_during_outage'
  end

  -- Binds a contact to the agent its gateway names; gives the contacts he was bound to before.
  function leg.believe_bridged(id, was, agent)
    if was.state == 'connected' and was.agent == agent then return {} end
    leave_line(id)
    let_go(id, was, agent)
    local displaced = claim(agent, id)
    set_state(id, 'connected', nil, agent)
    return displaced
  end

  function leg.believe_unbridged(id, was, fallback)
    if was.state ~= 'connecting' and was.state ~= 'connected' then return end
    drop_consult(id)
    set_state(id, 'in_menu')
    local contact = entity('contact', id)
    if not contact.queue and fallback then place(id, spot(fallback), 0, 0) end
    if contact.queue then
      renew_wait(id)
      set_state(id, 'queued')
    end
    let_go(id, was, nil)
  end

  -- Makes a conversation and the consultation about it one pair again.
  local function rejoin(name, consult)
    local parent, asked = entity('contact', name), entity('contact', consult)
    if not parent or parent.consult or not asked or asked.state == 'ended' then return end
    if not leg.may_reopen(parent) or (parent.state ~= 'ended' and not parent.agent) then return end
    parent.consult = consult
    touch(parent)
    if parent.state == 'connected' then
      changed('contact', name, 'consult_started', { consult = consult, agent = parent.agent })
    end
  end

  -- Makes a pair of a contact and the consultation about it, or of a consultation and what it is
  -- about, when their gateway holds both after all: it may name either first.
  function leg.rejoin(id)
    local contact = entity('contact', id)
    local consult = contact.consult
    if consult then
      contact.consult = nil
      rejoin(id, consult)
    elseif contact.parent then
      rejoin(contact.parent, id)
    end
  end

  -- Arms the deadline of the state a reconciled contact is in, and puts it in line if it waits.
  function leg.cover(id)
    local contact = entity('contact', id)
    if contact.state == 'in_menu' then
      arm_contact(id, now + MENU_LIMIT)
    elseif contact.state == 'queued' then
      arm_contact(id, wait_deadline(id))
      enter_line(id)
    elseif contact.state == 'connected' then
      arm_contact(id, nil)
    end
  end
end
