-- Conversations with third parties beside tickets. What they are about, with whom and what was said is
-- sealed with the key of whom the ticket is about.
CREATE TABLE side_conversations (
    tenant_id text NOT NULL,
    ticket_id text NOT NULL,
    id text NOT NULL,
    department text,
    medium text,
    sealed bytea NOT NULL,
    opened_by text NOT NULL,
    opened_at timestamptz NOT NULL,
    closed_by text,
    closed_at timestamptz,
    PRIMARY KEY (tenant_id, ticket_id, id),
    CONSTRAINT side_conversations_closed CHECK ((closed_by IS NULL) = (closed_at IS NULL)),
    FOREIGN KEY (tenant_id, ticket_id) REFERENCES tickets (tenant_id, id)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON side_conversations TO switchboard_app;
SELECT guard_tenant_table('side_conversations');

CREATE TABLE side_messages (
    tenant_id text NOT NULL,
    ticket_id text NOT NULL,
    conversation_id text NOT NULL,
    id text NOT NULL,
    -- The version of the ticket that it made: their order.
    version bigint NOT NULL,
    direction text NOT NULL CHECK (direction IN ('in', 'out')),
    sealed bytea NOT NULL,
    noted_by text NOT NULL,
    noted_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, ticket_id, conversation_id, id),
    FOREIGN KEY (tenant_id, ticket_id, conversation_id)
        REFERENCES side_conversations (tenant_id, ticket_id, id)
);

GRANT SELECT, INSERT, DELETE ON side_messages TO switchboard_app;
SELECT guard_tenant_table('side_messages');
