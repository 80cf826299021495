-- Touchpoints of one tenant, those that come first first; a filter that is null lets all through.
SELECT touchpoints.*
FROM touchpoints
WHERE tenant_id = $1
    AND (
        $2::text IS NULL
        OR customer_id = ANY(
            ARRAY(
                SELECT $2
                UNION ALL
                SELECT id FROM customers WHERE tenant_id = $1 AND merged_into = $2
            )
        )
    )
    AND ($3::text IS NULL OR plan = $3)
    AND ($4::text IS NULL OR state = $4)
    AND ($5::timestamptz IS NULL OR opens_at < $5)
    AND ($6::timestamptz IS NULL OR (opens_at, id) > ($6, $7))
ORDER BY opens_at, id
LIMIT $8
