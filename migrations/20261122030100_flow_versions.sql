-- Every text a flow ever had; immutable, so that a call goes on with the version it began with.
CREATE TABLE flow_versions (
    tenant_id text NOT NULL REFERENCES tenants (id),
    flow_id text NOT NULL,
    version text NOT NULL CHECK (version ~ '^[0-9a-f]{16}$'),
    body text NOT NULL,
    -- The version of each flow that it calls.
    calls jsonb NOT NULL,
    author text NOT NULL,
    note text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, flow_id, version)
);

GRANT SELECT, INSERT ON flow_versions TO switchboard_app;
SELECT guard_tenant_table('flow_versions');
