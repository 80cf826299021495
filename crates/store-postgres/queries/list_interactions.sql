-- Interactions of one tenant, the latest to start first; a filter that is null lets all through.
SELECT
    id, state, gateway_id, sealed, calling_number, called_number, language, customer_id, queue_id,
    agent_id, offers, started_at, queued_at, answered_at, ended_at, end_reason, disposition, notes,
    caller_lists, refused, channel, origin
FROM interactions
WHERE tenant_id = $1
    AND ($2::text IS NULL OR state = $2)
    AND ($3::text IS NULL OR queue_id = $3)
    AND ($4::text IS NULL OR agent_id = $4)
    AND (
        $5::text IS NULL
        OR customer_id = ANY(
            ARRAY(
                SELECT $5
                UNION ALL
                SELECT id FROM customers WHERE tenant_id = $1 AND merged_into = $5
            )
        )
    )
    AND ($6::timestamptz IS NULL OR (started_at, id) < ($6, $7))
ORDER BY started_at DESC, id DESC
LIMIT $8
