-- What the customers of each class of the pyramid buy in a year.
SELECT
    pyramid AS group_name,
    count(*) AS customers,
    LEAST(GREATEST(COALESCE(sum(purchases), 0), 0), 9223372036854775807)::bigint AS purchases
FROM customer_values
WHERE tenant_id = $1
    AND pyramid IS NOT NULL
GROUP BY pyramid
