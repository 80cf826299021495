-- The last talk with each of several customers.
SELECT asked.id AS customer_id, talks.agent_id, talks.talked_at
FROM unnest($2::text[]) AS asked (id)
CROSS JOIN LATERAL (
    SELECT agent_id, coalesce(ended_at, answered_at) AS talked_at
    FROM interactions
    WHERE tenant_id = $1
        AND customer_id IN (
            SELECT asked.id
            UNION ALL
            SELECT id FROM customers WHERE tenant_id = $1 AND merged_into = asked.id
        )
        AND agent_id IS NOT NULL
        AND answered_at IS NOT NULL
    ORDER BY started_at DESC
    LIMIT 1
) AS talks
