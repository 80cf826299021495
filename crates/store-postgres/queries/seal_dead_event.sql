-- Seals what is personal of one dead event.
UPDATE dead_events
SET fields = $5, sealed = $6
WHERE tenant_id = $1 AND epoch = $2 AND stream_millis = $3 AND stream_sequence = $4
