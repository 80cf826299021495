-- no-transaction
-- The days of the care calendar of one customer that came, the latest first.
CREATE INDEX CONCURRENTLY IF NOT EXISTS touchpoints_by_customer
    ON touchpoints (tenant_id, customer_id, opens_at DESC, id DESC)
    WHERE state <> 'planned';
