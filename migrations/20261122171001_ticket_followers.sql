-- Who wants to hear of a ticket without working on it.
CREATE TABLE ticket_followers (
    tenant_id text NOT NULL,
    ticket_id text NOT NULL,
    actor text NOT NULL,
    since timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, ticket_id, actor),
    FOREIGN KEY (tenant_id, ticket_id) REFERENCES tickets (tenant_id, id)
);
CREATE INDEX ticket_followers_by_actor ON ticket_followers (tenant_id, actor, ticket_id);

GRANT SELECT, INSERT, DELETE ON ticket_followers TO switchboard_app;
SELECT guard_tenant_table('ticket_followers');
