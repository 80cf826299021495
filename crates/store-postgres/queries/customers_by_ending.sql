-- Numbers that end with the same four digits, behind a customer, in the order of customers' ids;
-- sealed, or in clear from an earlier version.
SELECT customer_id, sealed, e164
FROM customer_numbers
WHERE tenant_id = $1 AND ending_index = $2 AND customer_id COLLATE "C" > $3
ORDER BY customer_id COLLATE "C"
LIMIT $4
