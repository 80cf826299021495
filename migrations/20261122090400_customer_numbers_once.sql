-- no-transaction
-- A customer has a number once.
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS customer_numbers_once
    ON customer_numbers (tenant_id, customer_id, number_index)
    WHERE number_index IS NOT NULL;
