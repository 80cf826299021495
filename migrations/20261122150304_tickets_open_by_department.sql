-- no-transaction
-- The open tickets of a department, the newest first.
CREATE INDEX CONCURRENTLY IF NOT EXISTS tickets_open_by_department
    ON tickets (tenant_id, department, created_at DESC, id DESC)
    WHERE state NOT IN ('resolved', 'closed', 'merged', 'cancelled');
