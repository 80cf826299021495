-- Ends after-call work, or leaves a contact whose gateway is gone.
-- ARGS: agent, session, contact, notes.

-- Keeps an agent who is done in after-call work that is as long for everybody.
local function must_stay(id, item)
  local rules = rules_of(id)
  return rules and rules.wrap_up_mode == 'timed_fixed' and item.till
end

return function(id, session, contact, notes)
  local agent = check_desk(id, session)
  local item, list = find_work(agent, contact)
  if item and item.phase == 't' and entity('contact', contact).orphaned then
    lose_leg(contact, 'gateway_lost')
    item, list = find_work(agent, contact)
    if not item then return done(agent) end
  end
  if not item or item.phase ~= 'w' then reject('WRONG_STATE', agent_state(agent)) end
  if item.done then return DUPLICATE end
  if must_stay(contact, item) then
    item.done = '1'
    set_work(agent, list)
    tell_wrapped_up(id, contact, notes)
    return done(agent)
  end
  tell_wrapped_up(id, contact, notes)
  unburden(id, contact)
  match_agent(id)
  return done(agent)
end
