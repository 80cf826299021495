-- Tickets as work of the floor: of each ticket that was sent to a queue the contact that stands for it
-- there. Whatever the floor forgets is queued again from here; a row goes when nothing is left to do.
CREATE TABLE work_items (
    tenant_id text NOT NULL,
    contact_id text NOT NULL,
    ticket_id text NOT NULL,
    queue_id text NOT NULL,
    attempt integer NOT NULL CHECK (attempt > 0),
    is_withdrawn boolean NOT NULL,
    agent_id text,
    look_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, contact_id),
    CONSTRAINT work_items_ticket FOREIGN KEY (tenant_id, ticket_id)
        REFERENCES tickets (tenant_id, id)
);
CREATE UNIQUE INDEX work_items_one ON work_items (tenant_id, ticket_id) WHERE NOT is_withdrawn;
CREATE INDEX work_items_due ON work_items (tenant_id, look_at, contact_id);
CREATE INDEX work_items_by_ticket ON work_items (tenant_id, ticket_id);

GRANT SELECT, INSERT, UPDATE, DELETE ON work_items TO switchboard_app;
SELECT guard_tenant_table('work_items');
