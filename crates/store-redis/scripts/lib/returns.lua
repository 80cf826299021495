-- A contact goes back to where it was before an agent rang or talked.

local requeue, take_fallback

do
  -- Gives a contact that never had a place the one it would have had to fall back on; says whether
  -- there is one.
  function take_fallback(id)
    local fallback = entity('contact', id).fallback or ''
    local queue, class = string.match(fallback, '^(%S+) (%S+)$')
    if not queue or not planned('class', class) then return false end
    place(id, { queue = queue, class = class, rings = '' }, 0, 0)
    return true
  end

  -- Sends a contact without a place back to the menu, as after a talk a gateway told of.
  local function return_to_menu(id, cause, agent)
    set_state(id, 'in_menu')
    if not entity('contact', id).orphaned then arm_contact(id, now + MENU_LIMIT) end
    changed('contact', id, 'contact_requeued', { queue = '', cause = cause, agent = agent })
  end

  -- Sends a contact back to its place, or ends it when its longest wait has passed.
  function requeue(id, cause, agent)
    local contact = entity('contact', id)
    if not contact.queue then take_fallback(id) end
    local queue = contact.queue
    if not queue then return return_to_menu(id, cause, agent) end
    set_state(id, 'queued')
    if not contact.orphaned then
      if now >= contact.overflows_at then return overflow(id, 'waited') end
      arm_contact(id, wait_deadline(id))
    end
    if is_confirmed(id) then enter_line(id) end
    changed('contact', id, 'contact_requeued', { queue = queue, cause = cause, agent = agent })
  end
end
