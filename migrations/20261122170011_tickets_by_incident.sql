-- no-transaction
-- The tickets that are part of an incident, the newest first.
CREATE INDEX CONCURRENTLY IF NOT EXISTS tickets_by_incident
    ON tickets (tenant_id, incident_id, created_at DESC, id DESC)
    WHERE incident_id IS NOT NULL;
