-- Keeps an open evaluation, unless there is one of the same by the same scorecard, or the call is gone by
-- now; it stays for as long as this takes.
WITH call AS (
    SELECT id FROM interactions WHERE tenant_id = $1 AND id = $4 FOR KEY SHARE
)
INSERT INTO evaluations (
    tenant_id, id, scorecard, state, interaction_id, ticket_id, agent_id, queue_id, department, sample,
    opened_by, opened_at, changed_at, version
)
SELECT $1, $2, $3, 'open', $4, $5, $6, $7, $8, $9, $10, $11, $11, 1
WHERE $4::text IS NULL OR EXISTS (SELECT FROM call)
ON CONFLICT DO NOTHING
