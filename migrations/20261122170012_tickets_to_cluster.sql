-- no-transaction
-- The tickets that may be signs of an incident, by their making, with what rules look at.
CREATE INDEX CONCURRENTLY IF NOT EXISTS tickets_to_cluster
    ON tickets (tenant_id, created_at) INCLUDE (kind, category, department, customer_id)
    WHERE incident_id IS NULL AND parent_id IS NULL AND NOT is_incident
        AND state NOT IN ('merged', 'cancelled');
