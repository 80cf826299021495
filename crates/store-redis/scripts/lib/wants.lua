-- What an agent wants to be, and offers he did not take.

local change_want, take_back

do
  local function apply_want(id, was_working)
    rest(id, was_working)
    if was_working then return end
    entity('agent', id).misses = nil
    match_agent(id)
  end

  -- Lets an agent want something else: at once at rest, later while a contact is in his hands.
  -- An offer that rings him is taken back when he does not want contacts any more.
  function change_want(id, want, reason)
    leave_ready(id)
    local agent = entity('agent', id)
    local was_working = is_working(agent)
    agent.want, agent.reason = want, reason ~= '' and reason or nil
    restaff(id)
    if want ~= 'ready' and agent.offer then return withdraw_offer(id) end
    if is_idle(agent) then return apply_want(id, was_working) end
    enter_ready(id)
    changed('agent', id, 'agent_wanted', { want = want, reason = reason })
    match_agent(id)
  end

  -- Takes an unanswered offer back: the contact waits at its old place, the agent rests.
  function take_back(offer, id, agent, outcome)
    local cause = outcome == 'declined' and 'declined' or 'no_answer'
    local rules = rules_of(id)
    local threshold = rules and rules.misses[cause].threshold or 0
    close_offer(offer, outcome)
    cool_down(id, agent, cause)
    drop_offer(id, offer, agent, outcome)
    -- First among those who are free already: whom this frees serves whoever is ahead.
    match_contact(id)
    count_miss(agent, cause, threshold)
    rest(agent)
    match_agent(agent)
  end
end
