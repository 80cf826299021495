-- What customers were told would be done by when, and what became of it.
CREATE TABLE promises (
    tenant_id text NOT NULL REFERENCES tenants (id),
    id text NOT NULL,
    ticket_id text,
    customer_id text,
    what text NOT NULL,
    owner_id text,
    due_at timestamptz NOT NULL,
    state text NOT NULL CHECK (state IN ('open', 'kept', 'broken', 'withdrawn')),
    made_by text NOT NULL,
    made_at timestamptz NOT NULL,
    ended_at timestamptz,
    ended_by text,
    note text,
    version bigint NOT NULL CHECK (version > 0),
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT promises_to_somebody CHECK (ticket_id IS NOT NULL OR customer_id IS NOT NULL),
    CONSTRAINT promises_ended CHECK ((state = 'open') = (ended_at IS NULL)),
    CONSTRAINT promises_ticket FOREIGN KEY (tenant_id, ticket_id) REFERENCES tickets (tenant_id, id),
    CONSTRAINT promises_customer FOREIGN KEY (tenant_id, customer_id)
        REFERENCES customers (tenant_id, id)
);
CREATE INDEX promises_by_due ON promises (tenant_id, due_at, id);
CREATE INDEX promises_open_by_due ON promises (tenant_id, due_at, id) WHERE state = 'open';
CREATE INDEX promises_by_ticket ON promises (tenant_id, ticket_id, due_at, id)
    WHERE ticket_id IS NOT NULL;
CREATE INDEX promises_by_customer ON promises (tenant_id, customer_id, due_at, id)
    WHERE customer_id IS NOT NULL;
CREATE INDEX promises_by_owner ON promises (tenant_id, owner_id, due_at, id)
    WHERE owner_id IS NOT NULL;

GRANT SELECT, INSERT, UPDATE ON promises TO switchboard_app;
SELECT guard_tenant_table('promises');

-- Who calls is told with what was promised to them.
CREATE TRIGGER tell_caller_change AFTER INSERT OR UPDATE ON promises
    FOR EACH STATEMENT EXECUTE FUNCTION tell_caller_change();
