-- The last human number given to a ticket of each tenant.
CREATE TABLE ticket_numbers (
    tenant_id text PRIMARY KEY REFERENCES tenants (id),
    last bigint NOT NULL CHECK (last > 0)
);

GRANT SELECT, INSERT, UPDATE ON ticket_numbers TO switchboard_app;
SELECT guard_tenant_table('ticket_numbers');
