-- Who has a number, or one with the same ending; sealed, or in clear from an earlier version.
-- A number that was retired leads to nobody.
SELECT customer_id, bool_or(coalesce(number_index = $2, e164 = $4)) AS is_exact
FROM customer_numbers
WHERE tenant_id = $1 AND (suffix_index = $3 OR suffix = $5) AND retired_at IS NULL
GROUP BY customer_id
ORDER BY is_exact DESC, customer_id
LIMIT $6
