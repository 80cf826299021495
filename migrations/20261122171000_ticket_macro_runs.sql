-- Which requests applied which macro to which ticket, so that a repeat applies nothing twice.
CREATE TABLE ticket_macro_runs (
    tenant_id text NOT NULL,
    request_id text NOT NULL,
    ticket_id text NOT NULL,
    macro_id text NOT NULL,
    applied_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, request_id),
    FOREIGN KEY (tenant_id, ticket_id) REFERENCES tickets (tenant_id, id)
);
CREATE INDEX ticket_macro_runs_by_ticket ON ticket_macro_runs (tenant_id, ticket_id);

GRANT SELECT, INSERT, DELETE ON ticket_macro_runs TO switchboard_app;
SELECT guard_tenant_table('ticket_macro_runs');
