-- What happened with each of several customers and with the records it leads for: of each record the last
-- talk, the newest open tickets, the open promises that are due first, the newest calls; in no order.
-- A function for the reasons `customers_with_evidence` has.
CREATE FUNCTION backgrounds_of_customers(
    tenant text,
    customer_ids text[],
    most_tickets bigint,
    most_promises bigint,
    most_calls bigint
)
RETURNS TABLE (
    what text,
    customer_id text,
    id text,
    at timestamptz,
    agent_id text,
    queue_id text,
    number bigint,
    state text,
    words text,
    ticket_id text
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
    WITH led AS MATERIALIZED (
        SELECT asked.id AS customer_id, asked.id AS record_id
        FROM unnest(customer_ids) AS asked (id)
        UNION ALL
        SELECT asked.id, merged.id
        FROM unnest(customer_ids) AS asked (id)
        CROSS JOIN LATERAL (
            SELECT one.id
            FROM customers AS one
            WHERE one.tenant_id = tenant AND one.merged_into = asked.id
            OFFSET 0
        ) AS merged
    )

    SELECT
        'talk',
        led.customer_id,
        talk.id,
        talk.talked_at AS at,
        talk.agent_id,
        NULL::text AS queue_id,
        NULL::bigint AS number,
        NULL::text AS state,
        NULL::text AS words,
        NULL::text AS ticket_id
    FROM led
    CROSS JOIN LATERAL (
        SELECT id, agent_id, coalesce(ended_at, answered_at) AS talked_at
        FROM interactions
        WHERE tenant_id = tenant
            AND customer_id = led.record_id
            AND agent_id IS NOT NULL
            AND answered_at IS NOT NULL
        ORDER BY started_at DESC
        LIMIT 1
    ) AS talk
    UNION ALL
    SELECT
        'ticket', led.customer_id, ticket.id, ticket.created_at, NULL, NULL, ticket.number, ticket.state,
        ticket.subject, NULL
    FROM led
    CROSS JOIN LATERAL (
        SELECT id, created_at, number, state, subject
        FROM tickets
        WHERE tenant_id = tenant
            AND customer_id = led.record_id
            AND state NOT IN ('resolved', 'closed', 'merged', 'cancelled')
        ORDER BY created_at DESC, number DESC
        LIMIT most_tickets
    ) AS ticket
    UNION ALL
    SELECT
        'promise', led.customer_id, promise.id, promise.due_at, promise.owner_id, NULL, NULL, NULL,
        promise.what, promise.ticket_id
    FROM led
    CROSS JOIN LATERAL (
        SELECT id, due_at, owner_id, what, ticket_id
        FROM promises
        WHERE tenant_id = tenant AND customer_id = led.record_id AND state = 'open'
        ORDER BY due_at, id
        LIMIT most_promises
    ) AS promise
    UNION ALL
    SELECT
        'call', led.customer_id, call.id, call.started_at, call.agent_id, call.queue_id, NULL, NULL,
        call.disposition, NULL
    FROM led
    CROSS JOIN LATERAL (
        SELECT id, started_at, agent_id, queue_id, disposition
        FROM interactions
        WHERE tenant_id = tenant AND customer_id = led.record_id
        ORDER BY started_at DESC
        LIMIT most_calls
    ) AS call;
END
$$;

REVOKE EXECUTE ON FUNCTION backgrounds_of_customers(text, text[], bigint, bigint, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION backgrounds_of_customers(text, text[], bigint, bigint, bigint)
TO switchboard_app;
