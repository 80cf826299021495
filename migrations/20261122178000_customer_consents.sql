-- What customers agreed to: being approached for a purpose, by one medium or by any. Lines are added, never
-- changed, and go with the customer.
CREATE TABLE customer_consents (
    tenant_id text NOT NULL,
    id text NOT NULL,
    customer_id text NOT NULL,
    purpose text NOT NULL,
    medium text,
    state text NOT NULL CHECK (state IN ('given', 'withdrawn')),
    source text NOT NULL,
    actor text NOT NULL,
    happened_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id)
);
CREATE INDEX customer_consents_by_customer
    ON customer_consents (tenant_id, customer_id, happened_at DESC, recorded_at DESC, id DESC);

GRANT SELECT, INSERT, DELETE ON customer_consents TO switchboard_app;
SELECT guard_tenant_table('customer_consents');
