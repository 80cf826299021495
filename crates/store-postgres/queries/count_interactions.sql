-- Counts interactions that began before a time and are over, and those of them that are held.
SELECT
    count(*) FILTER (WHERE NOT is_held) AS due,
    count(*) FILTER (WHERE is_held) AS held
FROM (
    SELECT id IN (SELECT held.id FROM held_contacts($1) AS held) AS is_held
    FROM interactions
    WHERE tenant_id = $1 AND started_at < $2 AND ended_at < $2 - interval '1 day'
) AS old
