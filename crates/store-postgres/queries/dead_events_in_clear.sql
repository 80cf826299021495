-- Events with personal fields in clear, behind a place, in order.
SELECT
    epoch, stream_millis, stream_sequence, entity, entity_id, version, floor_at, happened_at,
    kind, fields, trace
FROM dead_events
WHERE tenant_id = $1
    AND (epoch, stream_millis, stream_sequence) > ($2, $3, $4)
    AND EXISTS (
        SELECT
        FROM jsonb_object_keys(fields) AS name
        WHERE name = ANY($6) OR starts_with(name, 'field.')
    )
ORDER BY epoch, stream_millis, stream_sequence
LIMIT $5
FOR UPDATE
