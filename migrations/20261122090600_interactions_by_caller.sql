-- no-transaction
-- Who talked last to whoever calls from a number is asked for each call of a center that wants it.
CREATE INDEX CONCURRENTLY IF NOT EXISTS interactions_by_caller
    ON interactions (tenant_id, caller_index, started_at DESC)
    WHERE caller_index IS NOT NULL;
