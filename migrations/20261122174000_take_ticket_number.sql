-- Takes the next human number of a tenant, before the transaction that makes the ticket: taken within,
-- it would make every other new ticket of the tenant wait until that one is kept. None is taken for a
-- request that made its ticket before, or was taken up by an open one.
--
-- That it was taken need not be on disk by itself: whatever uses the number is written after it.
CREATE FUNCTION take_ticket_number(tenant text, request text) RETURNS bigint
LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
AS $$
#variable_conflict use_column
DECLARE
    taken bigint;
BEGIN
    PERFORM set_config('app.tenant', tenant, true);
    PERFORM set_config('synchronous_commit', 'off', true);
    IF EXISTS (SELECT FROM tickets WHERE tenant_id = tenant AND request_id = request)
        OR EXISTS (SELECT FROM ticket_joins WHERE tenant_id = tenant AND request_id = request)
    THEN
        RETURN NULL;
    END IF;
    INSERT INTO ticket_numbers (tenant_id, last)
    VALUES (tenant, 1)
    ON CONFLICT (tenant_id) DO UPDATE SET last = ticket_numbers.last + 1
    RETURNING last INTO taken;
    RETURN taken;
END
$$;

REVOKE EXECUTE ON FUNCTION take_ticket_number(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION take_ticket_number(text, text) TO switchboard_app;
