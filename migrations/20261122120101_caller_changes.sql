-- Whoever remembers what was found for a number hears at once that it may have changed, whatever
-- changed it. A notification names the tenant and nothing else; many of one transaction are one.
CREATE FUNCTION tell_caller_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('switchboard_callers', coalesce(current_setting('app.tenant', true), ''));
    RETURN NULL;
END
$$;

CREATE TRIGGER tell_caller_change AFTER INSERT OR UPDATE OR DELETE ON customers
    FOR EACH STATEMENT EXECUTE FUNCTION tell_caller_change();
CREATE TRIGGER tell_caller_change AFTER INSERT OR UPDATE OR DELETE ON customer_numbers
    FOR EACH STATEMENT EXECUTE FUNCTION tell_caller_change();
CREATE TRIGGER tell_caller_change AFTER INSERT OR UPDATE OR DELETE ON number_rules
    FOR EACH STATEMENT EXECUTE FUNCTION tell_caller_change();
