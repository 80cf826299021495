-- What the customers of each tier buy in a year.
SELECT
    customers.tier AS group_name,
    count(*) AS customers,
    LEAST(GREATEST(COALESCE(sum(customer_values.purchases), 0), 0), 9223372036854775807)::bigint
        AS purchases
FROM customers
LEFT JOIN customer_values
    ON customer_values.tenant_id = customers.tenant_id
    AND customer_values.customer_id = customers.id
WHERE customers.tenant_id = $1
GROUP BY customers.tier
