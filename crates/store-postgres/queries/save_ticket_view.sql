-- Keeps a view as the version after the one that is there, or as the first one.
INSERT INTO ticket_views AS kept (
    tenant_id, id, title, owner, department, state, kind, category, of_department, assignee_id,
    marks, untouched_millis, saved_at, version
)
SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14
WHERE $14 = 1
    OR EXISTS (SELECT FROM ticket_views WHERE tenant_id = $1 AND id = $2 AND version = $14 - 1)
ON CONFLICT (tenant_id, id) DO UPDATE
SET title = $3, owner = $4, department = $5, state = $6, kind = $7, category = $8,
    of_department = $9, assignee_id = $10, marks = $11, untouched_millis = $12, saved_at = $13,
    version = $14
WHERE kept.version = $14 - 1
