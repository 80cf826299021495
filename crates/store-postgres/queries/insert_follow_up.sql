-- Keeps a new follow-up, unless its closing or its touchpoint has one.
INSERT INTO follow_ups (
    tenant_id, id, ticket_id, closing, touchpoint_id, policy, state, customer_id, department,
    queue_id, survey, spared, due_at, expires_at, calls, reason, made_at, changed_at, version
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0, $15, $16, $16, 1)
ON CONFLICT DO NOTHING
