-- What came in for an open ticket and made no ticket of its own: one line of the ticket's life each.
-- One per person's order and one per interaction and rule, as with tickets themselves.
CREATE TABLE ticket_joins (
    tenant_id text NOT NULL REFERENCES tenants (id),
    ticket_id text NOT NULL,
    version bigint NOT NULL,
    request_id text,
    interaction_id text,
    rule text,
    PRIMARY KEY (tenant_id, ticket_id, version),
    CONSTRAINT ticket_joins_request UNIQUE (tenant_id, request_id),
    CONSTRAINT ticket_joins_rule UNIQUE (tenant_id, interaction_id, rule),
    FOREIGN KEY (tenant_id, ticket_id, version)
        REFERENCES ticket_events (tenant_id, ticket_id, version)
);

GRANT SELECT, INSERT ON ticket_joins TO switchboard_app;
SELECT guard_tenant_table('ticket_joins');
