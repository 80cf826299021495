-- Keeps a new ticket.
INSERT INTO tickets (
    tenant_id, id, number, request_id, state, subject, body, priority, customer_id,
    interaction_id, rule, department, created_at, changed_at, version, kind, category, medium,
    alarm_at, tier, parent_id, is_incident
)
VALUES (
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $13,
    customer_tier($1, $9), $19, $20
)
