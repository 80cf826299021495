-- The newest tickets of some customers, and of those whose records theirs lead for.
SELECT tickets.number, tickets.id
FROM unnest($2::text[]) AS named (id)
CROSS JOIN LATERAL (
    SELECT number, id
    FROM tickets
    WHERE tenant_id = $1
        AND customer_id = ANY(
            ARRAY(
                SELECT named.id
                UNION ALL
                SELECT customers.id
                FROM customers
                WHERE tenant_id = $1 AND merged_into = named.id
            )
        )
        AND number < $3
    ORDER BY number DESC
    LIMIT $4
) AS tickets
ORDER BY tickets.number DESC
LIMIT $4
