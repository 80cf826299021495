-- Deletes some lines of the audit trail that tell of lookups before a time, from a place on by age, unless they are about
-- somebody held.
WITH held AS MATERIALIZED (
    SELECT 'customer/' || id AS object FROM held_customers($1)
    UNION ALL
    SELECT 'ticket/' || tickets.id
    FROM held_customers($1) AS held
    JOIN tickets ON tickets.tenant_id = $1 AND tickets.customer_id = held.id
),
old AS (
    SELECT id, happened_at, object IN (SELECT object FROM held) AS is_held
    FROM audit
    WHERE tenant_id = $1
        AND happened_at < $2
        AND action = 'caller.lookup'
        AND ($3::timestamptz IS NULL OR (happened_at, id) > ($3, nullif($4, '')::uuid))
    ORDER BY happened_at, id
    LIMIT $5
),
gone AS (
    DELETE FROM audit
    USING old
    WHERE NOT old.is_held AND audit.tenant_id = $1 AND audit.id = old.id
    RETURNING audit.id
)
SELECT
    (SELECT count(*) FROM old) AS seen,
    (SELECT count(*) FROM gone) AS gone,
    (SELECT count(*) FROM old WHERE is_held) AS held,
    happened_at AS last_at,
    id::text AS last_id
FROM old
ORDER BY happened_at DESC, id DESC
LIMIT 1
