-- Tickets of one tenant, the newest first; a filter that is null lets all through.
SELECT tickets.*
FROM tickets
WHERE tenant_id = $1
    AND ($2::text IS NULL OR state = $2)
    AND (
        $3::text IS NULL
        OR customer_id = ANY(
            ARRAY(
                SELECT $3
                UNION ALL
                SELECT id FROM customers WHERE tenant_id = $1 AND merged_into = $3
            )
        )
    )
    AND (
        $4::text IS NULL OR interaction_id = $4
        OR EXISTS (
            SELECT FROM ticket_joins AS joined
            WHERE joined.tenant_id = $1
                AND joined.ticket_id = tickets.id
                AND joined.interaction_id = $4
        )
    )
    AND ($5::text IS NULL OR assignee_id = $5)
    AND ($6::text IS NULL OR kind = $6)
    AND ($7::text IS NULL OR category = $7 OR starts_with(category, $7 || '/'))
    AND ($8::text IS NULL OR department = $8)
    AND ($9::timestamptz IS NULL OR due_at < $9)
    AND (NOT $10 OR assignee_id IS NULL)
    AND ($11::timestamptz IS NULL OR changed_at < $11)
    -- What is late, lies about or has no one is only of interest while it is open.
    AND (
        ($9 IS NULL AND NOT $10 AND $11 IS NULL)
        OR state NOT IN ('resolved', 'closed', 'merged', 'cancelled')
    )
    AND ($12::timestamptz IS NULL OR (created_at, id) < ($12, $13))
ORDER BY created_at DESC, id DESC
LIMIT $14
