-- Who has a number, or one with the same ending; sealed, or in clear from an earlier version. A number
-- that was retired leads to nobody, one of a merged record to the record that leads for it.
SELECT
    coalesce(customers.merged_into, customers.id) AS customer_id,
    bool_or(coalesce(held.number_index = $2, held.e164 = $4)) AS is_exact
FROM customer_numbers AS held
JOIN customers
    ON customers.tenant_id = $1 AND customers.id = held.customer_id
WHERE held.tenant_id = $1
    AND (held.suffix_index = $3 OR held.suffix = $5)
    AND held.retired_at IS NULL
GROUP BY coalesce(customers.merged_into, customers.id)
ORDER BY is_exact DESC, customer_id
LIMIT $6
