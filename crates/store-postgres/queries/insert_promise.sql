-- Keeps a new promise, unless there is one of its name.
INSERT INTO promises (
    tenant_id, id, ticket_id, customer_id, what, owner_id, due_at, state, made_by, made_at, version
)
VALUES ($1, $2, $3, $4, $5, $6, $7, 'open', $8, $9, 1)
ON CONFLICT (tenant_id, id) DO NOTHING
