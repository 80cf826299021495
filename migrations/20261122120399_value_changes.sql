-- What a customer is worth is told of whoever calls, so its changes are heard like those of records.
CREATE TRIGGER tell_caller_change AFTER INSERT OR UPDATE OR DELETE ON customer_values
    FOR EACH STATEMENT EXECUTE FUNCTION tell_caller_change();
