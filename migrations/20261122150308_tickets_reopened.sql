-- no-transaction
-- The open tickets that came back, the newest first.
CREATE INDEX CONCURRENTLY IF NOT EXISTS tickets_reopened
    ON tickets (tenant_id, created_at DESC, id DESC)
    WHERE reopened > 0 AND state NOT IN ('resolved', 'closed', 'merged', 'cancelled');
