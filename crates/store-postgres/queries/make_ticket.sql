-- Keeps a new ticket, the first line of its life and the words it is found by, in one round trip.
WITH made AS (
    INSERT INTO tickets (
        tenant_id, id, number, request_id, state, subject, body, priority, customer_id,
        interaction_id, rule, department, created_at, changed_at, version, kind, category, medium,
        tier, parent_id, is_incident, alarm_at, alarms_told_until, due_at
    )
    VALUES (
        $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
        customer_tier($1, $9), $19, $20, $21, $22, $23
    )
),
told AS (
    INSERT INTO ticket_events (tenant_id, ticket_id, version, state, actor, happened_at)
    VALUES ($1, $2, $15, $5, $24, $13)
)
INSERT INTO ticket_words (tenant_id, word, number, ticket_id)
SELECT $1, word, $3, $2
FROM unnest($25::text[]) AS word
