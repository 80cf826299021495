-- The lists of numbers that supervisors keep: whom to refuse, whom never to, switchboards of
-- companies, numbers of tests. What is personal (`number`, `reason`) is sealed with the key of the
-- rule; the number is found by its blind index.
CREATE TABLE number_rules (
    tenant_id text NOT NULL REFERENCES tenants (id),
    id text NOT NULL,
    number_index bytea NOT NULL,
    kind text NOT NULL CHECK (kind IN ('allow', 'block', 'company_switchboard', 'test')),
    sealed bytea NOT NULL,
    made_by text NOT NULL,
    made_at timestamptz NOT NULL,
    expires_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT number_rules_once UNIQUE (tenant_id, number_index, kind)
);

CREATE INDEX number_rules_by_age ON number_rules (tenant_id, made_at DESC, id DESC);

GRANT SELECT, INSERT, UPDATE, DELETE ON number_rules TO switchboard_app;
SELECT guard_tenant_table('number_rules');
