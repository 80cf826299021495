-- The numbers customers call from. A number may belong to several customers.
CREATE TABLE customer_numbers (
    tenant_id text NOT NULL REFERENCES tenants (id),
    customer_id text NOT NULL,
    position smallint NOT NULL,
    e164 text NOT NULL CHECK (e164 ~ '^\+[1-9][0-9]{4,14}$'),
    suffix text NOT NULL,
    label text NOT NULL,
    PRIMARY KEY (tenant_id, customer_id, position),
    UNIQUE (tenant_id, e164, customer_id),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id) ON DELETE CASCADE
);

CREATE INDEX customer_numbers_by_suffix ON customer_numbers (tenant_id, suffix);

GRANT SELECT, INSERT, DELETE ON customer_numbers TO switchboard_app;
SELECT guard_tenant_table('customer_numbers');
