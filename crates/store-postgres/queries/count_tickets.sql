-- Counts tickets that are over and were last changed before a time, and those of them that are held.
SELECT
    count(*) FILTER (WHERE NOT is_held) AS due,
    count(*) FILTER (WHERE is_held) AS held
FROM (
    SELECT
        coalesce(
            customer_id IN (SELECT held.id FROM held_customers($1) AS held)
            OR interaction_id IN (SELECT held.id FROM held_contacts($1) AS held),
            false
        ) AS is_held
    FROM tickets
    WHERE tenant_id = $1 AND state IN ('closed', 'merged', 'cancelled') AND changed_at < $2
) AS old
