-- What other systems call customers: sealed with the customer's key, found by a blind index of
-- system and id, which no two customers of a tenant share.
CREATE TABLE customer_external_ids (
    tenant_id text NOT NULL REFERENCES tenants (id),
    customer_id text NOT NULL,
    position smallint NOT NULL,
    system text NOT NULL,
    id_index bytea NOT NULL,
    sealed bytea NOT NULL,
    PRIMARY KEY (tenant_id, customer_id, position),
    UNIQUE (tenant_id, id_index),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id) ON DELETE CASCADE
);

GRANT SELECT, INSERT, DELETE ON customer_external_ids TO switchboard_app;
SELECT guard_tenant_table('customer_external_ids');
