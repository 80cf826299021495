-- What happened to each customer's record: its making and every change, one per version.
CREATE TABLE customer_events (
    tenant_id text NOT NULL REFERENCES tenants (id),
    customer_id text NOT NULL,
    version bigint NOT NULL,
    -- The names of the fields that have other values since; none for the making.
    fields text[] NOT NULL,
    actor text NOT NULL,
    happened_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, customer_id, version),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id)
);

GRANT SELECT, INSERT ON customer_events TO switchboard_app;
SELECT guard_tenant_table('customer_events');
