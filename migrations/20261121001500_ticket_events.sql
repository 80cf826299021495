-- The life of each ticket: its making and every move, one per version.
CREATE TABLE ticket_events (
    tenant_id text NOT NULL REFERENCES tenants (id),
    ticket_id text NOT NULL,
    version bigint NOT NULL,
    move text,
    state text NOT NULL,
    actor text NOT NULL,
    note text,
    happened_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, ticket_id, version),
    FOREIGN KEY (tenant_id, ticket_id) REFERENCES tickets (tenant_id, id)
);

GRANT SELECT, INSERT ON ticket_events TO switchboard_app;
SELECT guard_tenant_table('ticket_events');
