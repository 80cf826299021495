-- The queue whose agents a ticket is offered to, and how far the rules that say where tickets go have
-- looked: by which version of the center, up to which change of tickets.
ALTER TABLE tickets ADD COLUMN queue_id text;

CREATE TABLE dispatch_marks (
    tenant_id text PRIMARY KEY REFERENCES tenants (id),
    center_version bigint NOT NULL CHECK (center_version >= 0),
    change bigint NOT NULL CHECK (change >= 0)
);

GRANT SELECT, INSERT, UPDATE ON dispatch_marks TO switchboard_app;
SELECT guard_tenant_table('dispatch_marks');
