-- What the largest buyers bring: the first 1, 5, 10, 20 and 50 percent of those who buy, rounded up.
WITH buyers AS (
    SELECT count(*) AS all_of_them
    FROM customer_values
    WHERE tenant_id = $1
        AND purchases IS NOT NULL
)
SELECT
    share.percent::text AS group_name,
    count(largest.purchases) AS customers,
    LEAST(GREATEST(COALESCE(sum(largest.purchases), 0), 0), 9223372036854775807)::bigint
        AS purchases
FROM buyers
CROSS JOIN unnest(ARRAY[1, 5, 10, 20, 50]) AS share (percent)
LEFT JOIN LATERAL (
    SELECT purchases
    FROM customer_values
    WHERE tenant_id = $1
        AND purchases IS NOT NULL
    ORDER BY purchases DESC
    LIMIT (buyers.all_of_them * share.percent + 99) / 100
) AS largest ON true
GROUP BY share.percent
ORDER BY share.percent
