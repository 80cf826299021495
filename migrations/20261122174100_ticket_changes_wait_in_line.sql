-- Writes of one tenant's tickets take the next number of a change one after another, each until it is
-- kept. Those that wait do so in line, behind a lock of its own: at the row of the counter the end of one
-- transaction wakes all of them, each tries the row again, and all but one wait anew.
CREATE OR REPLACE FUNCTION number_ticket_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    numbered bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('ticket_changes'), hashtext(NEW.tenant_id));
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
