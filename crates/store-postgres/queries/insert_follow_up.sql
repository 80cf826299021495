-- Keeps a new follow-up, unless its closing, its touchpoint or the survey of its call has one.
INSERT INTO follow_ups (
    tenant_id, id, ticket_id, closing, touchpoint_id, policy, state, customer_id, department,
    queue_id, survey, spared, due_at, expires_at, calls, reason, made_at, changed_at, version,
    interaction_id, recovery_id, loyal
)
VALUES (
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0, $15, $16, $17, 1, $18, $19, $20
)
ON CONFLICT DO NOTHING
