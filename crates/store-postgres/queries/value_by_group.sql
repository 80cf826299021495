-- What the customers of each tier or of each class of the pyramid buy in a year, how many complained
-- since a moment, and how many leave; without those that are erased or lead to another one.
WITH complained AS (
    SELECT customer_id, count(*) AS complaints
    FROM tickets
    WHERE tenant_id = $1
        AND kind = 'complaint'
        AND created_at >= $3
        AND customer_id IS NOT NULL
    GROUP BY customer_id
),
living AS (
    SELECT
        CASE $2 WHEN 'tier' THEN customers.tier ELSE customer_values.pyramid END AS group_name,
        customer_values.purchases,
        customer_values.churn,
        COALESCE(complained.complaints, 0) AS complaints
    FROM customers
    LEFT JOIN customer_values
        ON customer_values.tenant_id = customers.tenant_id
        AND customer_values.customer_id = customers.id
    LEFT JOIN complained ON complained.customer_id = customers.id
    WHERE customers.tenant_id = $1
        AND customers.merged_into IS NULL
        AND customers.erased_at IS NULL
)
SELECT
    group_name,
    count(*) AS customers,
    LEAST(GREATEST(COALESCE(sum(purchases), 0), 0), 9223372036854775807)::bigint AS purchases,
    sum(complaints)::bigint AS complaints,
    count(*) FILTER (WHERE complaints > 0) AS complainants,
    count(*) FILTER (WHERE churn = 'partial') AS leaving,
    count(*) FILTER (WHERE churn = 'full') AS gone
FROM living
WHERE group_name IS NOT NULL
GROUP BY group_name
