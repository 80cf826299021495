-- no-transaction
-- The tasks below a ticket.
CREATE INDEX CONCURRENTLY IF NOT EXISTS tickets_by_parent
    ON tickets (tenant_id, parent_id, number)
    WHERE parent_id IS NOT NULL;
