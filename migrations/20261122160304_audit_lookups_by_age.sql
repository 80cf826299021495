-- no-transaction
-- Lookups may go before the rest of the trail.
CREATE INDEX CONCURRENTLY IF NOT EXISTS audit_lookups_by_age
    ON audit (tenant_id, happened_at, id)
    WHERE action = 'caller.lookup';
