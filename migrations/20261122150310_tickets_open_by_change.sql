-- no-transaction
-- The open tickets in the order in which they were last touched.
CREATE INDEX CONCURRENTLY IF NOT EXISTS tickets_open_by_change
    ON tickets (tenant_id, changed_at, id)
    WHERE state NOT IN ('resolved', 'closed', 'merged', 'cancelled');
