-- Tickets of one tenant, the newest first; a filter that is null lets all through.
SELECT
    id, number, state, subject, body, priority, customer_id, interaction_id, rule, department,
    assignee_id, resolution, merged_into, created_at, changed_at, version
FROM tickets
WHERE tenant_id = $1
    AND ($2::text IS NULL OR state = $2)
    AND ($3::text IS NULL OR customer_id = $3)
    AND ($4::text IS NULL OR interaction_id = $4)
    AND ($5::text IS NULL OR assignee_id = $5)
    AND ($6::timestamptz IS NULL OR (created_at, id) < ($6, $7))
ORDER BY created_at DESC, id DESC
LIMIT $8
