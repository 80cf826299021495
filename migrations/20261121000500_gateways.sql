-- The gateways ever accepted: the barrier of a new epoch waits for these and no others.
CREATE TABLE gateways (
    tenant_id text NOT NULL REFERENCES tenants (id),
    id text NOT NULL,
    first_seen_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

GRANT SELECT, INSERT ON gateways TO switchboard_app;
SELECT guard_tenant_table('gateways');
