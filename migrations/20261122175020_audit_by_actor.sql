-- no-transaction
-- What one person did and read, the latest first.
CREATE INDEX CONCURRENTLY IF NOT EXISTS audit_by_actor
    ON audit (tenant_id, actor, happened_at DESC, id DESC);
