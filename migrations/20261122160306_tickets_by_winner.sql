-- no-transaction
-- Whether others were merged into a ticket is asked before it goes.
CREATE INDEX CONCURRENTLY IF NOT EXISTS tickets_by_winner
    ON tickets (tenant_id, merged_into)
    WHERE merged_into IS NOT NULL;
