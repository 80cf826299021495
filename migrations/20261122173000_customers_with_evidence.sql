-- Customers by id, each with its key and what that seals, the agent who answered last and how many tickets
-- and promises are open, of its own and of the records it leads for: all in one, for somebody is calling.
--
-- A function, so that whose rows are seen and the rows themselves are one round trip and no transaction
-- besides. Its plans are kept for each connection, for planning takes several times as long as running, and
-- go from row to row by the indexes: one made while a table was empty would else read all of it when it no
-- longer is.
CREATE FUNCTION customers_with_evidence(tenant text, ids text[])
RETURNS TABLE (
    id text,
    name text,
    kind text,
    party_type text,
    tier text,
    language text,
    owner_agent_id text,
    alert text,
    created_at timestamptz,
    version bigint,
    profile bytea,
    merged_into text,
    reviewed_at timestamptz,
    merged_ids text[],
    external_systems text[],
    external_ids bytea[],
    wrapped bytea,
    sealed_numbers bytea[],
    clear_numbers text[],
    number_labels text[],
    numbers_retired_at timestamptz[],
    score smallint,
    pyramid text,
    value_level text,
    potential_level text,
    loyalty_level text,
    churn text,
    churn_reason text,
    last_agent_id text,
    open_tickets bigint,
    open_promises bigint
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
        customers.id,
        customers.name,
        customers.kind,
        customers.party_type,
        customers.tier,
        customers.language,
        customers.owner_agent_id,
        customers.alert,
        customers.created_at,
        customers.version,
        customers.profile,
        customers.merged_into,
        coalesce(customers.reviewed_at, customers.created_at),
        led.ids[2:],
        coalesce(named.systems, '{}'),
        coalesce(named.sealed, '{}'),
        data_keys.wrapped,
        coalesce(held.sealed, '{}'),
        coalesce(held.clear, '{}'),
        coalesce(held.labels, '{}'),
        coalesce(held.retired_at, '{}'),
        customer_values.score,
        customer_values.pyramid,
        customer_values.value_level,
        customer_values.potential_level,
        customer_values.loyalty_level,
        customer_values.churn,
        customer_values.churn_reason,
        (
            SELECT talked.agent_id
            FROM unnest(led.ids) AS record (id)
            CROSS JOIN LATERAL (
                SELECT interactions.agent_id, interactions.started_at
                FROM interactions
                WHERE interactions.tenant_id = tenant
                    AND interactions.customer_id = record.id
                    AND interactions.agent_id IS NOT NULL
                ORDER BY interactions.started_at DESC
                LIMIT 1
            ) AS talked
            ORDER BY talked.started_at DESC
            LIMIT 1
        ),
        (
            SELECT sum((
                SELECT count(*)
                FROM tickets
                WHERE tickets.tenant_id = tenant
                    AND tickets.customer_id = record.id
                    AND tickets.state NOT IN ('resolved', 'closed', 'merged', 'cancelled')
            ))::bigint
            FROM unnest(led.ids) AS record (id)
        ),
        (
            SELECT sum((
                SELECT count(*)
                FROM promises
                WHERE promises.tenant_id = tenant
                    AND promises.customer_id = record.id
                    AND promises.state = 'open'
            ))::bigint
            FROM unnest(led.ids) AS record (id)
        )
    FROM (
        -- Row security lets no join look for what `||` makes; so it is made here.
        SELECT given.id, 'customer/' || given.id AS subject
        FROM unnest(customers_with_evidence.ids) AS given (id)
        OFFSET 0
    ) AS asked
    -- Looked up one by one, whatever is thought of how many there are.
    CROSS JOIN LATERAL (
        SELECT one.*
        FROM customers AS one
        WHERE one.tenant_id = tenant AND one.id = asked.id
        OFFSET 0
    ) AS customers
    LEFT JOIN LATERAL (
        SELECT one.wrapped
        FROM data_keys AS one
        WHERE one.tenant_id = tenant AND one.subject = asked.subject
        OFFSET 0
    ) AS data_keys ON TRUE
    LEFT JOIN LATERAL (
        SELECT one.*
        FROM customer_values AS one
        WHERE one.tenant_id = tenant AND one.customer_id = asked.id
        OFFSET 0
    ) AS customer_values ON TRUE
    CROSS JOIN LATERAL (
        SELECT customers.id || ARRAY(
            SELECT merged.id
            FROM (
                SELECT one.id
                FROM customers AS one
                WHERE one.tenant_id = tenant AND one.merged_into = customers.id
                OFFSET 0
            ) AS merged
            ORDER BY merged.id
        ) AS ids
        OFFSET 0
    ) AS led
    CROSS JOIN LATERAL (
        SELECT array_agg(one.system) AS systems, array_agg(one.sealed) AS sealed
        FROM (
            SELECT customer_external_ids.system, customer_external_ids.sealed
            FROM customer_external_ids
            WHERE customer_external_ids.tenant_id = tenant
                AND customer_external_ids.customer_id = asked.id
            ORDER BY customer_external_ids.position
        ) AS one
    ) AS named
    CROSS JOIN LATERAL (
        SELECT
            array_agg(one.sealed) AS sealed,
            array_agg(one.e164) AS clear,
            array_agg(one.label) AS labels,
            array_agg(one.retired_at) AS retired_at
        FROM (
            SELECT
                customer_numbers.sealed,
                customer_numbers.e164,
                customer_numbers.label,
                customer_numbers.retired_at
            FROM customer_numbers
            WHERE customer_numbers.tenant_id = tenant AND customer_numbers.customer_id = asked.id
            ORDER BY customer_numbers.position
        ) AS one
    ) AS held
    WHERE customers.erased_at IS NULL
    ORDER BY customers.id;
END
$$;

REVOKE EXECUTE ON FUNCTION customers_with_evidence(text, text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers_with_evidence(text, text[]) TO switchboard_app;
