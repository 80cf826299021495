-- What is found by a number, as before, but that of more who have it than are told the ones who called from
-- it last are among them. Only then is it looked up who called.
CREATE OR REPLACE FUNCTION callers_of_number(
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
    WITH found AS (
        SELECT
            coalesce(customers.merged_into, customers.id) AS holder,
            bool_or(
                coalesce(
                    held.number_index = callers_of_number.number_index,
                    held.e164 = callers_of_number.e164
                )
            ) AS is_exact
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
    ),
    counted AS (
        SELECT found.holder, found.is_exact, count(*) OVER () AS holders
        FROM found
    )
    SELECT
        counted.holder,
        counted.is_exact,
        NULL::text,
        NULL::text,
        NULL::bytea,
        NULL::text,
        NULL::timestamptz,
        NULL::timestamptz
    FROM counted
    ORDER BY
        counted.is_exact DESC,
        CASE
            WHEN counted.is_exact AND counted.holders > at_most THEN (
                SELECT calls.started_at
                FROM interactions AS calls
                WHERE calls.tenant_id = tenant
                    AND calls.caller_index = callers_of_number.number_index
                    AND calls.customer_id IN (
                        SELECT counted.holder
                        UNION ALL
                        SELECT customers.id
                        FROM customers
                        WHERE customers.tenant_id = tenant
                            AND customers.merged_into = counted.holder
                    )
                ORDER BY calls.started_at DESC
                LIMIT 1
            )
        END DESC NULLS LAST,
        counted.holder
    LIMIT at_most;
END
$$;
