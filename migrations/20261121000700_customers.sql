-- Customers: who they are and what they are worth.
CREATE TABLE customers (
    tenant_id text NOT NULL REFERENCES tenants (id),
    id text NOT NULL,
    name text NOT NULL,
    tier text NOT NULL CHECK (tier IN ('A1', 'A2', 'A3', 'B1', 'B2', 'C1', 'C2')),
    language text,
    owner_agent_id text,
    alert text,
    created_at timestamptz NOT NULL,
    version bigint NOT NULL DEFAULT 1 CHECK (version > 0),
    PRIMARY KEY (tenant_id, id)
);

CREATE INDEX customers_by_age ON customers (tenant_id, created_at DESC, id DESC);

GRANT SELECT, INSERT, UPDATE ON customers TO switchboard_app;
SELECT guard_tenant_table('customers');
