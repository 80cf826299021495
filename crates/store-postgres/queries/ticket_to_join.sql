-- The newest open ticket of a customer of the same kind and category that is not too old, whichever of
-- the customer's records it names. Tasks and incidents take up nothing.
SELECT id
FROM tickets
WHERE tenant_id = $1
    AND customer_id = ANY(customer_records($1, $2))
    AND kind = $3
    AND category IS NOT DISTINCT FROM $4
    AND created_at >= $5
    AND parent_id IS NULL
    AND NOT is_incident
    AND state NOT IN ('resolved', 'closed', 'merged', 'cancelled')
ORDER BY created_at DESC, id DESC
LIMIT 1
FOR UPDATE
