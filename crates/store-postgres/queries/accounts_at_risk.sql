-- Customers of some tiers whom the center may lose, those with the most risks first. What it costs
-- depends on how many customers those tiers have.
SELECT
    customers.id,
    customers.tier,
    customers.owner_agent_id,
    customer_values.purchases,
    risks.told AS risks
FROM customers
LEFT JOIN customer_values
    ON customer_values.tenant_id = customers.tenant_id
    AND customer_values.customer_id = customers.id
CROSS JOIN LATERAL (
    SELECT
        COALESCE(bool_or(tickets.kind = 'complaint'), false) AS complaint,
        COALESCE(bool_or(tickets.due_at < $3), false) AS missed
    FROM tickets
    WHERE tickets.tenant_id = $1
        AND tickets.customer_id = customers.id
        AND tickets.state NOT IN ('resolved', 'closed', 'merged', 'cancelled')
) AS open_tickets
CROSS JOIN LATERAL (
    SELECT
        array_remove(
            ARRAY[
                CASE WHEN customer_values.churn = 'full' THEN 'gone' END,
                CASE WHEN customer_values.churn = 'partial' THEN 'leaving' END,
                CASE WHEN open_tickets.complaint THEN 'complaint_open' END,
                CASE WHEN open_tickets.missed THEN 'deadline_missed' END,
                CASE WHEN
                    customers.owner_agent_id IS NULL AND customers.tier = ANY($5)
                    THEN 'owner_missing'
                END
            ],
            NULL
        ) AS told
) AS risks
WHERE customers.tenant_id = $1
    AND customers.tier = ANY($2)
    AND customers.merged_into IS NULL
    AND customers.erased_at IS NULL
    AND cardinality(risks.told) > 0
ORDER BY cardinality(risks.told) DESC, customer_values.purchases DESC NULLS LAST, customers.id
LIMIT $4
