-- Lists of tickets under a name, of one person or shared with a department. Which tickets is what
-- people said; nothing in it names a customer.
CREATE TABLE ticket_views (
    tenant_id text NOT NULL REFERENCES tenants (id),
    id text NOT NULL,
    title text NOT NULL,
    owner text NOT NULL,
    department text,
    state text,
    kind text,
    category text,
    of_department text,
    assignee_id text,
    marks text[] NOT NULL,
    untouched_millis bigint,
    saved_at timestamptz NOT NULL,
    version bigint NOT NULL CHECK (version > 0),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX ticket_views_by_owner ON ticket_views (tenant_id, owner);
CREATE INDEX ticket_views_by_department ON ticket_views (tenant_id, department)
    WHERE department IS NOT NULL;

GRANT SELECT, INSERT, UPDATE, DELETE ON ticket_views TO switchboard_app;
SELECT guard_tenant_table('ticket_views');
