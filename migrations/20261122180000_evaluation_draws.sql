-- Requests to draw evaluations, each carried out once.
CREATE TABLE evaluation_draws (
    tenant_id text NOT NULL REFERENCES tenants (id),
    request_id text NOT NULL,
    -- What was asked for, as a hash.
    asked bytea NOT NULL,
    actor text NOT NULL,
    drawn_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, request_id)
);

GRANT SELECT, INSERT ON evaluation_draws TO switchboard_app;
SELECT guard_tenant_table('evaluation_draws');
