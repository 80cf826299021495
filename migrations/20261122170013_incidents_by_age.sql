-- no-transaction
-- The incidents, the newest first.
CREATE INDEX CONCURRENTLY IF NOT EXISTS incidents_by_age
    ON tickets (tenant_id, created_at DESC, id DESC)
    WHERE is_incident;
