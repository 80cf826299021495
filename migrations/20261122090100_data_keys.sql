-- The key of each subject (`customer/…`, `contact/…`), wrapped by a master key that is kept outside
-- every database. A key that is destroyed leaves its row with nothing wrapped: what it sealed cannot
-- be read any more, and nothing is sealed for this subject again.
CREATE TABLE data_keys (
    tenant_id text NOT NULL REFERENCES tenants (id),
    subject text NOT NULL,
    wrapped bytea,
    -- The name of the master key, which stands behind the first byte.
    wrapped_by bytea GENERATED ALWAYS AS (substring(wrapped FROM 2 FOR 8)) STORED,
    PRIMARY KEY (tenant_id, subject)
);

CREATE INDEX data_keys_by_master ON data_keys (tenant_id, wrapped_by);

GRANT SELECT, INSERT, UPDATE ON data_keys TO switchboard_app;
SELECT guard_tenant_table('data_keys');
