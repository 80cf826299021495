-- The open tickets of a customer follow the customer's tier, whoever changes it.
CREATE FUNCTION pass_tier_to_tickets() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE tickets
    SET tier = NEW.tier
    WHERE tenant_id = NEW.tenant_id
        AND customer_id = NEW.id
        AND tier IS DISTINCT FROM NEW.tier
        AND state NOT IN ('resolved', 'closed', 'merged', 'cancelled');
    RETURN NULL;
END
$$;

CREATE TRIGGER pass_tier_to_tickets AFTER UPDATE OF tier ON customers
    FOR EACH ROW WHEN (OLD.tier <> NEW.tier) EXECUTE FUNCTION pass_tier_to_tickets();
