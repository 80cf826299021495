-- What is kept about the worth of one customer, with the tier in force.
SELECT
    customers.id AS customer_id,
    customers.tier,
    customer_values.inputs,
    customer_values.churn,
    customer_values.churn_reason,
    customer_values.life_cycle,
    customer_values.tier_source,
    customer_values.version,
    customer_values.score,
    customer_values.computed_tier,
    customer_values.pyramid,
    customer_values.value_level,
    customer_values.potential_level,
    customer_values.loyalty_level,
    customer_values.computed_at
FROM customers
LEFT JOIN customer_values
    ON customer_values.tenant_id = customers.tenant_id
    AND customer_values.customer_id = customers.id
WHERE customers.tenant_id = $1
    AND customers.id = $2
    AND customers.erased_at IS NULL
