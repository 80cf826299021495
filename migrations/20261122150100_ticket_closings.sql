-- Closings of tickets of which nobody has decided yet whether they are followed up: written with the
-- closing, taken away with the decision.
CREATE TABLE ticket_closings (
    tenant_id text NOT NULL REFERENCES tenants (id),
    ticket_id text NOT NULL,
    version bigint NOT NULL,
    closed_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, ticket_id, version),
    FOREIGN KEY (tenant_id, ticket_id) REFERENCES tickets (tenant_id, id)
);

GRANT SELECT, INSERT, DELETE ON ticket_closings TO switchboard_app;
SELECT guard_tenant_table('ticket_closings');
