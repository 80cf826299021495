-- Customers by id, locked until the end of the transaction; also those that are erased or merged.
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
    customers.erased_at IS NOT NULL AS is_erased,
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
    ) AS external_ids
FROM customers
WHERE customers.tenant_id = $1
    AND customers.id = ANY($2)
ORDER BY customers.id
FOR NO KEY UPDATE OF customers
