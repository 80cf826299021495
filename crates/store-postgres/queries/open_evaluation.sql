-- Keeps an open evaluation, unless there is one of the same by the same scorecard.
INSERT INTO evaluations (
    tenant_id, id, scorecard, state, interaction_id, ticket_id, agent_id, queue_id, department, sample,
    opened_by, opened_at, changed_at, version
)
VALUES ($1, $2, $3, 'open', $4, $5, $6, $7, $8, $9, $10, $11, $11, 1)
ON CONFLICT DO NOTHING
