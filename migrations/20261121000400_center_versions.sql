-- Each tenant's configuration: immutable versions of a folder of files; the highest is in force.
CREATE TABLE center_versions (
    tenant_id text NOT NULL REFERENCES tenants (id),
    version bigint NOT NULL CHECK (version > 0),
    files jsonb NOT NULL,
    actor text NOT NULL,
    applied_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, version)
);

GRANT SELECT, INSERT ON center_versions TO switchboard_app;
SELECT guard_tenant_table('center_versions');
