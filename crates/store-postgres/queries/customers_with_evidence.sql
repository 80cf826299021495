-- Customers by id, each with its key and what that seals, the agent who answered last and how many tickets
-- and promises are open, of its own and of the records it leads for: all in one, for somebody is calling.
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
    coalesce(customers.reviewed_at, customers.created_at) AS reviewed_at,
    ARRAY(
        SELECT merged.id
        FROM customers AS merged
        WHERE merged.tenant_id = $1 AND merged.merged_into = customers.id
        ORDER BY merged.id
    ) AS merged_ids,
    ARRAY(
        SELECT named.system
        FROM customer_external_ids AS named
        WHERE named.tenant_id = $1 AND named.customer_id = customers.id
        ORDER BY named.position
    ) AS external_systems,
    ARRAY(
        SELECT named.sealed
        FROM customer_external_ids AS named
        WHERE named.tenant_id = $1 AND named.customer_id = customers.id
        ORDER BY named.position
    ) AS external_ids,
    data_keys.wrapped,
    ARRAY(
        SELECT held.sealed
        FROM customer_numbers AS held
        WHERE held.tenant_id = $1 AND held.customer_id = customers.id
        ORDER BY held.position
    ) AS sealed_numbers,
    ARRAY(
        SELECT held.e164
        FROM customer_numbers AS held
        WHERE held.tenant_id = $1 AND held.customer_id = customers.id
        ORDER BY held.position
    ) AS clear_numbers,
    ARRAY(
        SELECT held.label
        FROM customer_numbers AS held
        WHERE held.tenant_id = $1 AND held.customer_id = customers.id
        ORDER BY held.position
    ) AS number_labels,
    ARRAY(
        SELECT held.retired_at
        FROM customer_numbers AS held
        WHERE held.tenant_id = $1 AND held.customer_id = customers.id
        ORDER BY held.position
    ) AS numbers_retired_at,
    customer_values.score,
    customer_values.pyramid,
    customer_values.value_level,
    customer_values.potential_level,
    customer_values.loyalty_level,
    customer_values.churn,
    customer_values.churn_reason,
    (
        SELECT interactions.agent_id
        FROM interactions
        WHERE interactions.tenant_id = $1
            AND interactions.customer_id = ANY(led.ids)
            AND interactions.agent_id IS NOT NULL
        ORDER BY interactions.started_at DESC
        LIMIT 1
    ) AS last_agent_id,
    (
        SELECT count(*)
        FROM tickets
        WHERE tickets.tenant_id = $1
            AND tickets.customer_id = ANY(led.ids)
            AND tickets.state NOT IN ('resolved', 'closed', 'merged', 'cancelled')
    ) AS open_tickets,
    (
        SELECT count(*)
        FROM promises
        WHERE promises.tenant_id = $1
            AND promises.customer_id = ANY(led.ids)
            AND promises.state = 'open'
    ) AS open_promises
FROM unnest($2::text[], $3::text[]) AS asked (id, subject)
JOIN customers
    ON customers.tenant_id = $1 AND customers.id = asked.id
LEFT JOIN data_keys
    ON data_keys.tenant_id = $1 AND data_keys.subject = asked.subject
LEFT JOIN customer_values
    ON customer_values.tenant_id = customers.tenant_id
    AND customer_values.customer_id = customers.id
CROSS JOIN LATERAL (
    SELECT ARRAY(
        SELECT customers.id
        UNION ALL
        SELECT merged.id
        FROM customers AS merged
        WHERE merged.tenant_id = $1 AND merged.merged_into = customers.id
    ) AS ids
) AS led
WHERE customers.erased_at IS NULL
ORDER BY customers.id
