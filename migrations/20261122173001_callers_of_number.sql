-- What is found by a number: the lists it stands on, and who has it or one with the same ending, the exact
-- ones first. By blind indexes, or in clear where it is from an earlier version. A number that was retired
-- leads to nobody, one of a merged record to the record that leads for it. Without `suffix` nobody is
-- looked for. A function for the reasons `customers_with_evidence` has.
CREATE FUNCTION callers_of_number(
    tenant text,
    number_index bytea,
    suffix_index bytea,
    e164 text,
    suffix text,
    at_most bigint
)
RETURNS TABLE (
    customer_id text,
    is_exact boolean,
    id text,
    kind text,
    sealed bytea,
    made_by text,
    made_at timestamptz,
    expires_at timestamptz
)
LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
AS $$
#variable_conflict use_column
BEGIN
    PERFORM set_config('app.tenant', tenant, true);
    RETURN QUERY
    SELECT
        NULL::text,
        NULL::boolean,
        number_rules.id,
        number_rules.kind,
        number_rules.sealed,
        number_rules.made_by,
        number_rules.made_at,
        number_rules.expires_at
    FROM number_rules
    WHERE number_rules.tenant_id = tenant
        AND number_rules.number_index = callers_of_number.number_index;
    IF callers_of_number.suffix IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT
        coalesce(customers.merged_into, customers.id),
        bool_or(
            coalesce(
                held.number_index = callers_of_number.number_index,
                held.e164 = callers_of_number.e164
            )
        ) AS is_exact,
        NULL::text,
        NULL::text,
        NULL::bytea,
        NULL::text,
        NULL::timestamptz,
        NULL::timestamptz
    FROM customer_numbers AS held
    JOIN customers
        ON customers.tenant_id = tenant AND customers.id = held.customer_id
    WHERE held.tenant_id = tenant
        AND (
            held.suffix_index = callers_of_number.suffix_index
            OR held.suffix = callers_of_number.suffix
        )
        AND held.retired_at IS NULL
    GROUP BY coalesce(customers.merged_into, customers.id)
    ORDER BY is_exact DESC, coalesce(customers.merged_into, customers.id)
    LIMIT at_most;
END
$$;

REVOKE EXECUTE ON FUNCTION callers_of_number(text, bytea, bytea, text, text, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION callers_of_number(text, bytea, bytea, text, text, bigint)
TO switchboard_app;
