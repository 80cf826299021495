-- The newest open tickets of each of several customers.
SELECT asked.id AS customer_id, open.id, open.number, open.subject, open.state
FROM unnest($2::text[]) AS asked (id)
CROSS JOIN LATERAL (
    SELECT id, number, subject, state, created_at
    FROM tickets
    WHERE tenant_id = $1
        AND customer_id IN (
            SELECT asked.id
            UNION ALL
            SELECT id FROM customers WHERE tenant_id = $1 AND merged_into = asked.id
        )
        AND state NOT IN ('resolved', 'closed', 'merged', 'cancelled')
    ORDER BY created_at DESC, number DESC
    LIMIT $3
) AS open
ORDER BY open.created_at DESC, open.number DESC
