-- Some tickets that are over and were last changed before a time, from a place on by that change:
-- whether a hold keeps them, and whether others were merged into them, are tasks below them or part of
-- them, which go first.
SELECT
    id,
    changed_at,
    coalesce(
        customer_id IN (SELECT held.id FROM held_customers($1) AS held)
        OR interaction_id IN (SELECT held.id FROM held_contacts($1) AS held),
        false
    ) AS is_held,
    EXISTS (
        SELECT FROM tickets AS losers
        WHERE losers.tenant_id = $1 AND losers.merged_into = tickets.id
    ) OR EXISTS (
        SELECT FROM tickets AS children
        WHERE children.tenant_id = $1 AND children.parent_id = tickets.id
    ) OR EXISTS (
        SELECT FROM tickets AS members
        WHERE members.tenant_id = $1 AND members.incident_id = tickets.id
    ) AS is_needed
FROM tickets
WHERE tenant_id = $1
    AND state IN ('closed', 'merged', 'cancelled')
    AND changed_at < $2
    AND ($3::timestamptz IS NULL OR (changed_at, id) > ($3, $4))
ORDER BY changed_at, id
LIMIT $5
FOR UPDATE
