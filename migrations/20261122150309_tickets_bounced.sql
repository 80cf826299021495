-- no-transaction
-- The open tickets that were taken from who had them again and again, the newest first.
CREATE INDEX CONCURRENTLY IF NOT EXISTS tickets_bounced
    ON tickets (tenant_id, created_at DESC, id DESC)
    WHERE bounced > 1 AND state NOT IN ('resolved', 'closed', 'merged', 'cancelled');
