-- Tickets that are to be looked at for deadlines, those that wait longest first, with what their
-- customer is worth now: tickets of before may not know it.
SELECT tickets.*, customer_tier($1, customer_id) AS tier_now
FROM tickets
WHERE tenant_id = $1 AND alarm_at <= $2
ORDER BY alarm_at
LIMIT $3
