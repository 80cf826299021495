-- Deletes some events before a time, from a place on along their key, unless they are held.
WITH held AS MATERIALIZED (SELECT id FROM held_contacts($1)),
old AS (
    SELECT
        epoch, stream_millis, stream_sequence,
        coalesce(interaction_id IN (SELECT id FROM held), false) AS is_held
    FROM interaction_events
    WHERE tenant_id = $1
        AND stream_millis < (extract(epoch FROM $2) * 1000)::bigint
        -- A walk of events has no use for a time.
        AND $3::timestamptz IS NULL
        AND (epoch, stream_millis, stream_sequence) > (
            coalesce(nullif(split_part($4, ' ', 1), ''), '-1')::bigint,
            coalesce(nullif(split_part($4, ' ', 2), ''), '0')::bigint,
            coalesce(nullif(split_part($4, ' ', 3), ''), '0')::bigint
        )
    ORDER BY epoch, stream_millis, stream_sequence
    LIMIT $5
),
gone AS (
    DELETE FROM interaction_events AS events
    USING old
    WHERE NOT old.is_held
        AND events.tenant_id = $1
        AND events.stream_millis < (extract(epoch FROM $2) * 1000)::bigint
        AND events.epoch = old.epoch
        AND events.stream_millis = old.stream_millis
        AND events.stream_sequence = old.stream_sequence
    RETURNING events.epoch
)
SELECT
    (SELECT count(*) FROM old) AS seen,
    (SELECT count(*) FROM gone) AS gone,
    (SELECT count(*) FROM old WHERE is_held) AS held,
    NULL::timestamptz AS last_at,
    concat_ws(' ', epoch, stream_millis, stream_sequence) AS last_id
FROM old
ORDER BY epoch DESC, stream_millis DESC, stream_sequence DESC
LIMIT 1
