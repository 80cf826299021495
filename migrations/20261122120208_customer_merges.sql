-- Records of one customer: the loser and whatever was merged into it lead to the winner. What was
-- ordered stands in the table, what follows from it (the record that leads in the end) in the column.
ALTER TABLE customers
    ADD COLUMN merged_into text,
    ADD CONSTRAINT customers_merged FOREIGN KEY (tenant_id, merged_into)
        REFERENCES customers (tenant_id, id);

CREATE TABLE customer_merges (
    tenant_id text NOT NULL REFERENCES tenants (id),
    loser_id text NOT NULL,
    winner_id text NOT NULL,
    merged_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, loser_id),
    FOREIGN KEY (tenant_id, loser_id) REFERENCES customers (tenant_id, id),
    FOREIGN KEY (tenant_id, winner_id) REFERENCES customers (tenant_id, id),
    CHECK (loser_id <> winner_id)
);

CREATE INDEX customer_merges_by_winner ON customer_merges (tenant_id, winner_id);

GRANT SELECT, INSERT, DELETE ON customer_merges TO switchboard_app;
SELECT guard_tenant_table('customer_merges');
