-- Tells whoever hears of tickets that other people follow one now: it takes the next number of a change,
-- as it does when the ticket itself changes.
WITH numbered AS (
    INSERT INTO ticket_change_counts (tenant_id, last)
    VALUES ($1, 1)
    ON CONFLICT (tenant_id) DO UPDATE SET last = ticket_change_counts.last + 1
    RETURNING last
), told AS (
    INSERT INTO ticket_changes (tenant_id, ticket_id, change)
    SELECT $1, $2, numbered.last
    FROM numbered
    ON CONFLICT (tenant_id, ticket_id) DO UPDATE SET change = EXCLUDED.change
    RETURNING tenant_id
)
SELECT pg_notify('switchboard_tickets', told.tenant_id)
FROM told
