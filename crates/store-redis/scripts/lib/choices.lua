-- Why an agent and a contact were brought together, told with the offer: the contact looked for
-- agents, the agent looked for a contact, or somebody said so.

local choice_of = {}

function choice_of.contact(order, best, over)
  local scores = {}
  for i, candidate in ipairs(best) do scores[i] = candidate.score end
  return { chosen_by = 'contact', order = order, scores = scores, over = over and over.agent or '',
    over_score = over and over.score or '' }
end

function choice_of.agent(rank, over)
  return { chosen_by = 'agent', order = 'rank', scores = { rank }, over = over and over.id or '',
    over_score = over and over.rank or '' }
end

function choice_of.supervisor()
  return { chosen_by = 'supervisor', order = '', scores = {}, over = '', over_score = '' }
end
