-- Counts customers who had nothing to do with the center from a time on, and those of them who are held.
SELECT
    count(*) FILTER (WHERE NOT is_held) AS due,
    count(*) FILTER (WHERE is_held) AS held
FROM (
    SELECT id IN (SELECT held.id FROM held_customers($1) AS held) AS is_held
    FROM customers
    WHERE tenant_id = $1
        AND erased_at IS NULL
        AND merged_into IS NULL
        AND greatest(created_at, last_contact_at) < $2
        AND NOT EXISTS (
            SELECT FROM customers AS losers
            WHERE losers.tenant_id = $1 AND losers.merged_into = customers.id
                AND greatest(losers.created_at, losers.last_contact_at) >= $2
        )
        AND NOT EXISTS (
            SELECT FROM interactions
            WHERE interactions.tenant_id = $1
                AND interactions.customer_id IN (
                    SELECT customers.id
                    UNION ALL
                    SELECT losers.id FROM customers AS losers
                    WHERE losers.tenant_id = $1 AND losers.merged_into = customers.id
                )
                AND interactions.started_at >= $2
        )
        AND NOT EXISTS (
            SELECT FROM customer_numbers
            JOIN interactions
                ON interactions.tenant_id = $1
                    AND interactions.caller_index = customer_numbers.number_index
                    AND interactions.started_at >= $2
            WHERE customer_numbers.tenant_id = $1 AND customer_numbers.customer_id = customers.id
        )
        AND NOT EXISTS (
            SELECT FROM tickets
            WHERE tickets.tenant_id = $1
                AND tickets.customer_id IN (
                    SELECT customers.id
                    UNION ALL
                    SELECT losers.id FROM customers AS losers
                    WHERE losers.tenant_id = $1 AND losers.merged_into = customers.id
                )
                AND (tickets.state NOT IN ('closed', 'merged', 'cancelled') OR tickets.changed_at >= $2)
        )
        AND NOT EXISTS (
            SELECT FROM promises
            WHERE promises.tenant_id = $1
                AND promises.customer_id = customers.id
                AND coalesce(promises.ended_at >= $2, true)
        )
) AS idle
