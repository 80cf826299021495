-- The order in which tickets changed, for whoever follows them: of each ticket the last change, under
-- a number that counts up within the tenant in the order of commits.
CREATE TABLE ticket_change_counts (
    tenant_id text PRIMARY KEY REFERENCES tenants (id),
    last bigint NOT NULL CHECK (last > 0)
);

GRANT SELECT, INSERT, UPDATE ON ticket_change_counts TO switchboard_app;
SELECT guard_tenant_table('ticket_change_counts');

CREATE TABLE ticket_changes (
    tenant_id text NOT NULL,
    ticket_id text NOT NULL,
    change bigint NOT NULL,
    PRIMARY KEY (tenant_id, ticket_id),
    CONSTRAINT ticket_changes_order UNIQUE (tenant_id, change),
    FOREIGN KEY (tenant_id, ticket_id) REFERENCES tickets (tenant_id, id)
);

GRANT SELECT, INSERT, UPDATE ON ticket_changes TO switchboard_app;
SELECT guard_tenant_table('ticket_changes');

-- The number is taken at the very end of a transaction, and makes others wait until it is kept: so
-- nobody who has read a number will ever see a smaller one, and no lock is taken after this one.
CREATE FUNCTION number_ticket_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    numbered bigint;
BEGIN
    INSERT INTO ticket_change_counts (tenant_id, last)
    VALUES (NEW.tenant_id, 1)
    ON CONFLICT (tenant_id) DO UPDATE SET last = ticket_change_counts.last + 1
    RETURNING last INTO numbered;
    INSERT INTO ticket_changes (tenant_id, ticket_id, change)
    VALUES (NEW.tenant_id, NEW.id, numbered)
    ON CONFLICT (tenant_id, ticket_id) DO UPDATE SET change = numbered;
    PERFORM pg_notify('switchboard_tickets', NEW.tenant_id);
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER number_new_ticket AFTER INSERT ON tickets
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION number_ticket_change();

-- What only the worker of deadlines needs to know changes nothing for others.
CREATE CONSTRAINT TRIGGER number_changed_ticket AFTER UPDATE ON tickets
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW
    WHEN (
        (OLD.version, OLD.due_at, OLD.tier, OLD.subject)
        IS DISTINCT FROM (NEW.version, NEW.due_at, NEW.tier, NEW.subject)
    )
    EXECUTE FUNCTION number_ticket_change();
