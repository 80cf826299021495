-- The indexes of the numbers that a customer has, on one record or several, and nobody else.
SELECT own.number_index
FROM customer_numbers AS own
WHERE own.tenant_id = $1
    AND own.customer_id = ANY($2)
    AND own.number_index IS NOT NULL
    AND NOT EXISTS (
        SELECT FROM customer_numbers AS others
        WHERE others.tenant_id = $1
            AND others.suffix_index = own.suffix_index
            AND others.number_index = own.number_index
            AND others.customer_id <> ALL($2)
    )
