-- Tickets that are to be looked at for deadlines, those that wait longest first, with what their
-- customer is worth.
SELECT tickets.*, customers.tier
FROM tickets
LEFT JOIN customers
    ON customers.tenant_id = tickets.tenant_id AND customers.id = tickets.customer_id
WHERE tickets.tenant_id = $1 AND tickets.alarm_at <= $2
ORDER BY tickets.alarm_at
LIMIT $3
