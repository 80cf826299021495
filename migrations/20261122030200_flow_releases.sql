-- Which versions of a flow calls began with from which center version on; only added to.
CREATE TABLE flow_releases (
    tenant_id text NOT NULL REFERENCES tenants (id),
    flow_id text NOT NULL,
    center_version bigint NOT NULL,
    version text NOT NULL,
    canary_version text,
    canary_percent bigint CHECK (canary_percent BETWEEN 1 AND 99),
    cause text NOT NULL CHECK (cause IN ('apply', 'publish', 'canary', 'rollback')),
    author text NOT NULL,
    note text NOT NULL,
    released_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, flow_id, center_version),
    CHECK ((canary_version IS NULL) = (canary_percent IS NULL)),
    FOREIGN KEY (tenant_id, center_version) REFERENCES center_versions (tenant_id, version),
    FOREIGN KEY (tenant_id, flow_id, version)
        REFERENCES flow_versions (tenant_id, flow_id, version),
    FOREIGN KEY (tenant_id, flow_id, canary_version)
        REFERENCES flow_versions (tenant_id, flow_id, version)
);

GRANT SELECT, INSERT ON flow_releases TO switchboard_app;
SELECT guard_tenant_table('flow_releases');
