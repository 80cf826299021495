-- no-transaction
-- What the trail says of one customer is asked for when their data is given out.
CREATE INDEX CONCURRENTLY IF NOT EXISTS audit_by_object
    ON audit (tenant_id, object, happened_at);
