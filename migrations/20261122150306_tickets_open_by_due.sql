-- no-transaction
-- The open tickets with a deadline, the earliest first.
CREATE INDEX CONCURRENTLY IF NOT EXISTS tickets_open_by_due
    ON tickets (tenant_id, due_at, id)
    WHERE due_at IS NOT NULL AND state NOT IN ('resolved', 'closed', 'merged', 'cancelled');
