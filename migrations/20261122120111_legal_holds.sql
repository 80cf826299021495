-- Customers whose data the law needs: they are not erased. The reason is sealed with the customer's key.
CREATE TABLE legal_holds (
    tenant_id text NOT NULL REFERENCES tenants (id),
    customer_id text NOT NULL,
    sealed bytea NOT NULL,
    made_by text NOT NULL,
    made_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, customer_id),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON legal_holds TO switchboard_app;
SELECT guard_tenant_table('legal_holds');
