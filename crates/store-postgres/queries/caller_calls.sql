-- The newest calls of each of several customers.
SELECT
    asked.id AS customer_id, calls.id, calls.started_at, calls.queue_id, calls.agent_id,
    calls.disposition
FROM unnest($2::text[]) AS asked (id)
CROSS JOIN LATERAL (
    SELECT id, started_at, queue_id, agent_id, disposition
    FROM interactions
    WHERE tenant_id = $1
        AND customer_id IN (
            SELECT asked.id
            UNION ALL
            SELECT id FROM customers WHERE tenant_id = $1 AND merged_into = asked.id
        )
    ORDER BY started_at DESC
    LIMIT $3
) AS calls
ORDER BY calls.started_at DESC
