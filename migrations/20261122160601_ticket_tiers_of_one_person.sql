-- The open tickets of a customer follow the tier of the record that leads for it, whoever changes it or
-- merges records; what is owed depends on it, so their deadlines are looked at again.
CREATE OR REPLACE FUNCTION pass_tier_to_tickets() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    worth text := customer_tier(NEW.tenant_id, NEW.id);
BEGIN
    UPDATE tickets
    SET tier = worth, alarm_at = changed_at
    WHERE tenant_id = NEW.tenant_id
        AND customer_id = ANY(customer_records(NEW.tenant_id, NEW.id))
        AND tier IS DISTINCT FROM worth
        AND state NOT IN ('resolved', 'closed', 'merged', 'cancelled');
    RETURN NULL;
END
$$;

DROP TRIGGER pass_tier_to_tickets ON customers;
CREATE TRIGGER pass_tier_to_tickets AFTER UPDATE OF tier, merged_into ON customers
    FOR EACH ROW
    WHEN ((OLD.tier, OLD.merged_into) IS DISTINCT FROM (NEW.tier, NEW.merged_into))
    EXECUTE FUNCTION pass_tier_to_tickets();
