-- What was filled in of the forms of tickets: the values and the ticked steps of one ticket together,
-- sealed with the key of whom the ticket is about.
CREATE TABLE ticket_forms (
    tenant_id text NOT NULL,
    ticket_id text NOT NULL,
    sealed bytea NOT NULL,
    PRIMARY KEY (tenant_id, ticket_id),
    FOREIGN KEY (tenant_id, ticket_id) REFERENCES tickets (tenant_id, id)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON ticket_forms TO switchboard_app;
SELECT guard_tenant_table('ticket_forms');
