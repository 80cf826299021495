-- Events put aside, oldest first.
SELECT
    epoch, stream_millis, stream_sequence, entity, entity_id, version, floor_at, happened_at,
    kind, fields, sealed, trace, reason, attempts, buried_at
FROM dead_events
WHERE tenant_id = $1
ORDER BY epoch, stream_millis, stream_sequence
LIMIT 100
