-- no-transaction
-- Tickets that are over go when nothing has happened to them for long.
CREATE INDEX CONCURRENTLY IF NOT EXISTS tickets_over_by_change
    ON tickets (tenant_id, changed_at, id)
    WHERE state IN ('closed', 'merged', 'cancelled');
