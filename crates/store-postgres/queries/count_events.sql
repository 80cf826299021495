-- Counts events before a time, and those of them that are held.
SELECT
    count(*) FILTER (WHERE NOT is_held) AS due,
    count(*) FILTER (WHERE is_held) AS held
FROM (
    SELECT coalesce(interaction_id IN (SELECT held.id FROM held_contacts($1) AS held), false) AS is_held
    FROM interaction_events
    WHERE tenant_id = $1 AND stream_millis < (extract(epoch FROM $2) * 1000)::bigint
) AS old
