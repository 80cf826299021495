-- The open promises to each of several customers that are due first.
SELECT asked.id AS customer_id, open.id, open.what, open.due_at, open.owner_id, open.ticket_id
FROM unnest($2::text[]) AS asked (id)
CROSS JOIN LATERAL (
    SELECT id, what, due_at, owner_id, ticket_id
    FROM promises
    WHERE tenant_id = $1
        AND customer_id IN (
            SELECT asked.id
            UNION ALL
            SELECT id FROM customers WHERE tenant_id = $1 AND merged_into = asked.id
        )
        AND state = 'open'
    ORDER BY due_at, id
    LIMIT $3
) AS open
ORDER BY open.due_at, open.id
