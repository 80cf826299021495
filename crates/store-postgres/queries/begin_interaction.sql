-- Keeps an interaction that a menu outside any call has begun; a call that is known keeps what the
-- floor told of it, and only begins as early as its menu.
INSERT INTO interactions (
    tenant_id, id, state, gateway_id, sealed, caller_index, called_number, language, customer_id,
    started_at, ended_at, end_reason, epoch, version, caller_lists, refused, channel, origin
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, $13, $14, $15, $16, $17)
ON CONFLICT (tenant_id, id) DO UPDATE SET
    started_at = LEAST(interactions.started_at, EXCLUDED.started_at)
