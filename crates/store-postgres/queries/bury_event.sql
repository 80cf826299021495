-- Puts an event aside, with the reason; one already put aside stays as it is.
INSERT INTO dead_events (
    tenant_id, epoch, stream_millis, stream_sequence, entity, entity_id, version, floor_at,
    happened_at, kind, fields, sealed, trace, reason, attempts, buried_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
ON CONFLICT DO NOTHING
