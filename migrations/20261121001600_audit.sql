-- Who changed or read what. It can be added to and read, never changed.
CREATE TABLE audit (
    tenant_id text NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    actor text NOT NULL,
    role text NOT NULL,
    action text NOT NULL,
    object text NOT NULL,
    detail text,
    happened_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

CREATE INDEX audit_by_age ON audit (tenant_id, happened_at DESC);

GRANT SELECT, INSERT ON audit TO switchboard_app;
SELECT guard_tenant_table('audit');
