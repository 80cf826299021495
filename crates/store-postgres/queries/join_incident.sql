-- Lets the signs of an incident be part of it, the oldest first, with a line in the life of each; what
-- others hold at this moment is left for later.
WITH signs AS (
    SELECT id
    FROM tickets
    WHERE tenant_id = $1
        AND created_at >= $2
        AND (cardinality($3::text[]) = 0 OR kind = ANY($3))
        AND ($4::text IS NULL OR category = $4 OR starts_with(category, $4 || '/'))
        AND ($5::text IS NULL OR department = $5)
        AND incident_id IS NULL
        AND parent_id IS NULL
        AND NOT is_incident
        AND NOT kept_apart
        AND state NOT IN ('merged', 'cancelled')
    ORDER BY created_at
    LIMIT $6
    FOR UPDATE SKIP LOCKED
),
joined AS (
    UPDATE tickets
    SET incident_id = $7,
        version = version + 1,
        changed_at = greatest(changed_at, $9),
        alarm_at = $9
    FROM signs
    WHERE tickets.tenant_id = $1 AND tickets.id = signs.id
    RETURNING tickets.id, tickets.version, tickets.state, tickets.changed_at
)
INSERT INTO ticket_events (tenant_id, ticket_id, version, move, state, actor, note, happened_at)
SELECT
    $1, joined.id, joined.version, 'note', joined.state, $8, 'part of incident #' || incident.number,
    joined.changed_at
FROM joined, tickets AS incident
WHERE incident.tenant_id = $1 AND incident.id = $7
