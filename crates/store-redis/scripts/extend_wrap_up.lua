-- Asks for after-call work while talking, or puts its end off.
-- ARGS: agent, session, contact, by how much in all in ms.
return function(id, session, contact, extension)
  local agent = check_desk(id, session)
  local rules, wanted, told = rules_of(contact), tonumber(extension), ''
  local item, list = find_work(agent, contact)
  if not item then reject('WRONG_STATE', agent_state(agent)) end
  if item.phase == 't' then
    if agent.wants_wrap_up then return DUPLICATE end
    agent.wants_wrap_up = '1'
  else
    if wanted <= item.extension or not item.till then return DUPLICATE end
    local limit = rules and rules.wrap_up_extension or 0
    if wanted > limit then reject('EXTENSION_TOO_LONG', limit) end
    item.till, item.extension = item.till + wanted - item.extension, wanted
    set_work(agent, list)
    told = item.till
  end
  changed('agent', id, 'wrap_up_extended', { contact = contact, ['until'] = told })
  return done(agent)
end
