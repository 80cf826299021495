-- no-transaction
-- The closed tickets, those that were closed last first.
CREATE INDEX CONCURRENTLY IF NOT EXISTS tickets_closed
    ON tickets (tenant_id, changed_at DESC, id DESC)
    WHERE state = 'closed';
