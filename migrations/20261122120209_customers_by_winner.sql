-- no-transaction
-- The records that lead to a customer.
CREATE INDEX CONCURRENTLY IF NOT EXISTS customers_by_winner
    ON customers (tenant_id, merged_into)
    WHERE merged_into IS NOT NULL;
