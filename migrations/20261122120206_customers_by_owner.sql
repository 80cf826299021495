-- no-transaction
-- The customers of an owner, the newest first.
CREATE INDEX CONCURRENTLY IF NOT EXISTS customers_by_owner
    ON customers (tenant_id, owner_agent_id, created_at DESC, id DESC)
    WHERE owner_agent_id IS NOT NULL;
