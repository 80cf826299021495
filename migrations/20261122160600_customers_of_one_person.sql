-- The records of one person, and what the person is worth: what the leading record says, whichever of
-- them is named. Names without a record are records of their own.
CREATE FUNCTION leading_customer(tenant text, customer text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT coalesce(
        (SELECT merged_into FROM customers WHERE tenant_id = tenant AND id = customer),
        customer
    )
$$;

CREATE FUNCTION customer_records(tenant text, customer text) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT ARRAY(
        SELECT leading_customer(tenant, customer)
        UNION ALL
        SELECT id
        FROM customers
        WHERE tenant_id = tenant AND merged_into = leading_customer(tenant, customer)
    )
$$;

CREATE FUNCTION customer_tier(tenant text, customer text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT tier FROM customers WHERE tenant_id = tenant AND id = leading_customer(tenant, customer)
$$;
