-- What happened to customers elsewhere, as other systems and people tell it: an order, a late payment, a
-- visit. Lines are added, never changed, and go with the customer.
CREATE TABLE customer_occurrences (
    tenant_id text NOT NULL,
    id text NOT NULL,
    customer_id text NOT NULL,
    kind text NOT NULL,
    summary text NOT NULL,
    source text NOT NULL,
    actor text NOT NULL,
    happened_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id)
);
CREATE INDEX customer_occurrences_by_customer
    ON customer_occurrences (tenant_id, customer_id, happened_at DESC, id COLLATE "C" DESC);

GRANT SELECT, INSERT, DELETE ON customer_occurrences TO switchboard_app;
SELECT guard_tenant_table('customer_occurrences');
