-- no-transaction
-- The closed tickets, those that were closed last first.
CREATE INDEX CONCURRENTLY IF NOT EXISTS tickets_closed_by_end
    ON tickets (tenant_id, coalesce(closed_at, changed_at) DESC, id DESC)
    WHERE state = 'closed';
