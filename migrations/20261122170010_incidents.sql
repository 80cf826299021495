-- Incidents that clusters of tickets open, and which tickets are part of which. Of each rule the row
-- names the incident it opened last; whoever looks holds it, so that one is opened once.
ALTER TABLE tickets
    ADD COLUMN is_incident boolean NOT NULL DEFAULT false,
    ADD COLUMN incident_id text,
    ADD CONSTRAINT tickets_incident FOREIGN KEY (tenant_id, incident_id)
        REFERENCES tickets (tenant_id, id),
    ADD CONSTRAINT tickets_incident_of_none CHECK (NOT is_incident OR incident_id IS NULL);

CREATE TABLE clusters (
    tenant_id text NOT NULL REFERENCES tenants (id),
    rule text NOT NULL,
    ticket_id text,
    PRIMARY KEY (tenant_id, rule),
    CONSTRAINT clusters_ticket FOREIGN KEY (tenant_id, ticket_id)
        REFERENCES tickets (tenant_id, id)
);
CREATE INDEX clusters_by_ticket ON clusters (tenant_id, ticket_id) WHERE ticket_id IS NOT NULL;

GRANT SELECT, INSERT, UPDATE, DELETE ON clusters TO switchboard_app;
SELECT guard_tenant_table('clusters');
