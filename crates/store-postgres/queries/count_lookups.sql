-- Counts lines of the audit trail that tell of lookups before a time, and those of them that are about somebody held.
WITH held AS MATERIALIZED (
    SELECT 'customer/' || id AS object FROM held_customers($1)
    UNION ALL
    SELECT 'ticket/' || tickets.id
    FROM held_customers($1) AS held
    JOIN tickets ON tickets.tenant_id = $1 AND tickets.customer_id = held.id
)
SELECT
    count(*) FILTER (WHERE object NOT IN (SELECT object FROM held)) AS due,
    count(*) FILTER (WHERE object IN (SELECT object FROM held)) AS held
FROM audit
WHERE tenant_id = $1 AND happened_at < $2 AND action = 'caller.lookup'
