-- The words under which customers are found by name; made by the program, in clear like the names.
-- Their order is that of the bytes, so that a beginning is a range of the key.
CREATE TABLE customer_words (
    tenant_id text NOT NULL REFERENCES tenants (id),
    word text COLLATE "C" NOT NULL,
    customer_id text NOT NULL,
    PRIMARY KEY (tenant_id, word, customer_id),
    UNIQUE (tenant_id, customer_id, word),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id) ON DELETE CASCADE
);

GRANT SELECT, INSERT, DELETE ON customer_words TO switchboard_app;
SELECT guard_tenant_table('customer_words');
