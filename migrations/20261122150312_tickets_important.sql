-- no-transaction
-- The open tickets of the most important customers, the newest first.
CREATE INDEX CONCURRENTLY IF NOT EXISTS tickets_important
    ON tickets (tenant_id, created_at DESC, id DESC)
    WHERE tier IN ('A1', 'A2', 'A3') AND state NOT IN ('resolved', 'closed', 'merged', 'cancelled');
