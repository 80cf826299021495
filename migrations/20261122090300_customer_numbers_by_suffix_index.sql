-- no-transaction
-- Who has a number, or one with the same ending, is asked for each call.
CREATE INDEX CONCURRENTLY IF NOT EXISTS customer_numbers_by_suffix_index
    ON customer_numbers (tenant_id, suffix_index, number_index)
    WHERE suffix_index IS NOT NULL;
