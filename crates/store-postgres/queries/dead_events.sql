-- Events put aside, the last first, behind a place.
SELECT
    epoch, stream_millis, stream_sequence, entity, entity_id, version, floor_at, happened_at,
    kind, fields, sealed, trace, reason, attempts, buried_at
FROM dead_events
WHERE tenant_id = $1
    AND (
        $2::timestamptz IS NULL
        OR (buried_at, epoch, stream_millis, stream_sequence) < ($2, $3, $4, $5)
    )
ORDER BY buried_at DESC, epoch DESC, stream_millis DESC, stream_sequence DESC
LIMIT $6
