-- no-transaction
-- The customers of a tier, the newest first.
CREATE INDEX CONCURRENTLY IF NOT EXISTS customers_by_tier
    ON customers (tenant_id, tier, created_at DESC, id DESC);
