-- no-transaction
-- The open tickets of an agent, the newest first.
CREATE INDEX CONCURRENTLY IF NOT EXISTS tickets_open_by_assignee
    ON tickets (tenant_id, assignee_id, created_at DESC, id DESC)
    WHERE state NOT IN ('resolved', 'closed', 'merged', 'cancelled');
