-- How tickets hang together: links between two of them, and tasks below a ticket. A link is kept once,
-- from the end that the kinds kept name; both ends show it.
ALTER TABLE tickets
    ADD COLUMN parent_id text,
    ADD CONSTRAINT tickets_parent FOREIGN KEY (tenant_id, parent_id)
        REFERENCES tickets (tenant_id, id),
    ADD CONSTRAINT tickets_not_below_itself CHECK (parent_id <> id);

CREATE TABLE ticket_links (
    tenant_id text NOT NULL,
    ticket_id text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('related', 'caused_by', 'duplicate_of')),
    other_id text NOT NULL,
    made_by text NOT NULL,
    made_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, ticket_id, kind, other_id),
    CONSTRAINT ticket_links_two CHECK (ticket_id <> other_id),
    CONSTRAINT ticket_links_ticket FOREIGN KEY (tenant_id, ticket_id)
        REFERENCES tickets (tenant_id, id),
    CONSTRAINT ticket_links_other FOREIGN KEY (tenant_id, other_id)
        REFERENCES tickets (tenant_id, id)
);
CREATE INDEX ticket_links_by_other ON ticket_links (tenant_id, other_id);

GRANT SELECT, INSERT, DELETE ON ticket_links TO switchboard_app;
SELECT guard_tenant_table('ticket_links');
