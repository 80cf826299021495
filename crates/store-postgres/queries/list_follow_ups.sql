-- Follow-ups of one tenant, the newest first; a filter that is null lets all through.
SELECT follow_ups.*
FROM follow_ups
WHERE tenant_id = $1
    AND ($2::text IS NULL OR state = $2)
    AND ($3::text IS NULL OR ticket_id = $3)
    AND (
        $4::text IS NULL
        OR customer_id = ANY(
            ARRAY(
                SELECT $4
                UNION ALL
                SELECT id FROM customers WHERE tenant_id = $1 AND merged_into = $4
            )
        )
    )
    AND ($5::text IS NULL OR department = $5)
    AND ($6::text IS NULL OR survey = $6)
    AND ($7::timestamptz IS NULL OR (made_at, id) < ($7, $8))
ORDER BY made_at DESC, id DESC
LIMIT $9
