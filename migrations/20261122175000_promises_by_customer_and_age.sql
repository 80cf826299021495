-- no-transaction
-- What was promised to one customer, the latest first.
CREATE INDEX CONCURRENTLY IF NOT EXISTS promises_by_customer_made
    ON promises (tenant_id, customer_id, made_at DESC, id DESC)
    WHERE customer_id IS NOT NULL;
