-- The agent of the last talk with a number, or with a customer, and when it ended or began.
SELECT talks.agent_id, talks.talked_at
FROM (
    (
        SELECT agent_id, started_at, coalesce(ended_at, answered_at) AS talked_at
        FROM interactions
        WHERE tenant_id = $1
            AND caller_index = $4
            AND agent_id IS NOT NULL
            AND answered_at IS NOT NULL
        ORDER BY started_at DESC
        LIMIT 1
    )
    UNION ALL
    (
        -- Told in clear, by an earlier version.
        SELECT agent_id, started_at, coalesce(ended_at, answered_at) AS talked_at
        FROM interactions
        WHERE tenant_id = $1
            AND calling_number = $2
            AND agent_id IS NOT NULL
            AND answered_at IS NOT NULL
        ORDER BY started_at DESC
        LIMIT 1
    )
    UNION ALL
    (
        SELECT agent_id, started_at, coalesce(ended_at, answered_at) AS talked_at
        FROM interactions
        WHERE tenant_id = $1
            AND customer_id = ANY(
                ARRAY(
                    SELECT $3
                    UNION ALL
                    SELECT id FROM customers WHERE tenant_id = $1 AND merged_into = $3
                )
            )
            AND agent_id IS NOT NULL
            AND answered_at IS NOT NULL
        ORDER BY started_at DESC
        LIMIT 1
    )
) AS talks
ORDER BY talks.started_at DESC
LIMIT 1
