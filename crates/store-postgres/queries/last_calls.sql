-- When each of several customers last called from a number.
SELECT sharers.id AS customer_id, calls.started_at AS called_at
FROM unnest($3::text[]) AS sharers (id)
CROSS JOIN LATERAL (
    SELECT started_at
    FROM interactions
    WHERE tenant_id = $1
        AND caller_index = $2
        AND customer_id IN (
            SELECT sharers.id
            UNION ALL
            SELECT id FROM customers WHERE tenant_id = $1 AND merged_into = sharers.id
        )
    ORDER BY started_at DESC
    LIMIT 1
) AS calls
