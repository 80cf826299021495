-- The epochs handed out; a number is never given twice.
CREATE TABLE epochs (
    tenant_id text NOT NULL REFERENCES tenants (id),
    number bigint NOT NULL CHECK (number > 0),
    run_id text NOT NULL,
    handed_out_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, number)
);

GRANT SELECT, INSERT ON epochs TO switchboard_app;
SELECT guard_tenant_table('epochs');
