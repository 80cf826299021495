-- Makes the ticket of a rule for an interaction, with its number and its first line of life,
-- unless the rule has made it; then a number is lost, which nobody minds.
WITH numbered AS (
    INSERT INTO ticket_numbers (tenant_id, last)
    VALUES ($1, 1)
    ON CONFLICT (tenant_id) DO UPDATE SET last = ticket_numbers.last + 1
    RETURNING last
),
made AS (
    INSERT INTO tickets (
        tenant_id, id, number, state, subject, body, priority, customer_id, interaction_id, rule,
        department, created_at, changed_at, version, kind, category, medium,
        alarm_at, tier
    )
    SELECT
        $1, gen_random_uuid()::text, numbered.last, $4, $5, $6, $7, $8, $2, $3, $9, $10, $10, 1,
        $12, $13, $14, $10, customer_tier($1, $8)
    FROM numbered
    ON CONFLICT ON CONSTRAINT tickets_rule DO NOTHING
    RETURNING id, number
),
told AS (
    INSERT INTO ticket_events (tenant_id, ticket_id, version, state, actor, happened_at)
    SELECT $1, made.id, 1, $4, $11, $10
    FROM made
)
SELECT id, number FROM made
