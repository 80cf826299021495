-- How many customers there are, without those that are erased or lead to another one, and what they buy in a year; returns beyond the purchases count as 0.
SELECT
    count(*) AS customers,
    count(customer_values.score) AS scored,
    count(customer_values.purchases) AS buyers,
    LEAST(GREATEST(COALESCE(sum(customer_values.purchases), 0), 0), 9223372036854775807)::bigint
        AS purchases
FROM customers
LEFT JOIN customer_values
    ON customer_values.tenant_id = customers.tenant_id
    AND customer_values.customer_id = customers.id
WHERE customers.tenant_id = $1
    AND customers.merged_into IS NULL
    AND customers.erased_at IS NULL
