-- no-transaction
-- Who has a number that ends so is asked by people.
CREATE INDEX CONCURRENTLY IF NOT EXISTS customer_numbers_by_ending
    ON customer_numbers (tenant_id, ending_index, customer_id COLLATE "C")
    WHERE ending_index IS NOT NULL;
