-- Tickets. One per interaction and rule, one per person's order, one per human number.
CREATE TABLE tickets (
    tenant_id text NOT NULL REFERENCES tenants (id),
    id text NOT NULL,
    number bigint NOT NULL,
    request_id text,
    state text NOT NULL,
    subject text NOT NULL,
    body text NOT NULL DEFAULT '',
    priority text NOT NULL CHECK (priority IN ('urgent', 'high', 'normal', 'low')),
    customer_id text,
    interaction_id text,
    rule text,
    department text,
    assignee_id text,
    resolution text,
    merged_into text,
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    version bigint NOT NULL CHECK (version > 0),
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT tickets_number UNIQUE (tenant_id, number),
    CONSTRAINT tickets_request UNIQUE (tenant_id, request_id),
    CONSTRAINT tickets_rule UNIQUE (tenant_id, interaction_id, rule),
    CONSTRAINT tickets_merged FOREIGN KEY (tenant_id, merged_into)
        REFERENCES tickets (tenant_id, id)
);

CREATE INDEX tickets_by_age ON tickets (tenant_id, created_at DESC, id DESC);
CREATE INDEX tickets_open_by_customer ON tickets (tenant_id, customer_id)
    WHERE customer_id IS NOT NULL;

GRANT SELECT, INSERT, UPDATE ON tickets TO switchboard_app;
SELECT guard_tenant_table('tickets');
