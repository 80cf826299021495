-- Files that tickets refer to. Name, address and hash are sealed with the key of whom the ticket is about;
-- the bytes are elsewhere.
CREATE TABLE ticket_attachments (
    tenant_id text NOT NULL,
    ticket_id text NOT NULL,
    id text NOT NULL,
    media_type text NOT NULL,
    size bigint NOT NULL CHECK (size >= 0),
    sealed bytea NOT NULL,
    added_by text NOT NULL,
    added_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, ticket_id, id),
    FOREIGN KEY (tenant_id, ticket_id) REFERENCES tickets (tenant_id, id)
);

GRANT SELECT, INSERT, DELETE ON ticket_attachments TO switchboard_app;
SELECT guard_tenant_table('ticket_attachments');
