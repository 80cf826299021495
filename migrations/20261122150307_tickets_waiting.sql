-- no-transaction
-- The tickets that wait for their customer, the longest first.
CREATE INDEX CONCURRENTLY IF NOT EXISTS tickets_waiting
    ON tickets (tenant_id, changed_at, id)
    WHERE state = 'waiting_on_customer';
