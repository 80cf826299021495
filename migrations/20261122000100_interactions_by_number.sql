-- no-transaction
-- Who talked last to whoever calls from a number is asked for each call of a center that wants it.
CREATE INDEX CONCURRENTLY IF NOT EXISTS interactions_by_number
    ON interactions (tenant_id, calling_number, started_at DESC)
    WHERE calling_number IS NOT NULL;
