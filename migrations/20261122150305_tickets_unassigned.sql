-- no-transaction
-- The open tickets on which nobody works, the newest first.
CREATE INDEX CONCURRENTLY IF NOT EXISTS tickets_unassigned
    ON tickets (tenant_id, created_at DESC, id DESC)
    WHERE assignee_id IS NULL AND state NOT IN ('resolved', 'closed', 'merged', 'cancelled');
