-- The list of tenants: a directory for the services, which holds nothing of any tenant.
CREATE TABLE tenants (
    id text PRIMARY KEY CHECK (id ~ '^[A-Za-z0-9._-]{1,64}$'),
    name text NOT NULL,
    created_at timestamptz NOT NULL
);

GRANT SELECT, INSERT ON tenants TO switchboard_app;
