-- Keeps events, each at its place in the stream; those already kept stay as they are.
INSERT INTO interaction_events (
    tenant_id, epoch, stream_millis, stream_sequence, interaction_id, entity, entity_id, version,
    floor_at, happened_at, kind, fields, sealed, trace
)
SELECT
    $1, $2, told.stream_millis, told.stream_sequence, told.interaction_id, told.entity,
    told.entity_id, told.version, told.floor_at, told.happened_at, told.kind, told.fields,
    told.sealed, told.trace
FROM unnest(
    $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::bigint[],
    $9::timestamptz[], $10::timestamptz[], $11::text[], $12::jsonb[], $13::bytea[], $14::text[]
) AS told (
    stream_millis, stream_sequence, interaction_id, entity, entity_id, version,
    floor_at, happened_at, kind, fields, sealed, trace
)
ON CONFLICT DO NOTHING
RETURNING stream_millis, stream_sequence
