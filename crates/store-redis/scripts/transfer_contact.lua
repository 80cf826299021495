-- Sends a connected contact to another queue. ARGS: agent, session, contact, plan version, class.
return function(agent, session, id, plan, class_line)
  check_desk(agent, session)
  local contact = entity('contact', id)
  if not contact then reject('UNKNOWN_CONTACT') end
  if contact.state ~= 'connected' or contact.agent ~= agent or contact.orphaned then
    reject('WRONG_STATE', contact.state)
  end
  local class = parse_class(class_line)
  check_plan(plan, class)
  if not is_vouched(id) then reject('GATEWAY_NOT_FRESH') end
  define_class(class)
  place(id, class.key, 0, 0)
  cool_down(id, agent)
  unbind_contact(contact)
  wait_in_line(id, 'transferred')
  release(agent, id)
  match_contact(id)
  match_agent(agent)
  return done(contact)
end
