-- Contacts, tickets, follow-ups, promises, days of the care calendar, what happened elsewhere and changes of
-- the record of a customer and of those merged into it, the latest first. Each part is read from its own index, as far as the page
-- goes. Without $6 nobody is told of days.
WITH led AS (
    SELECT ARRAY(
        SELECT $2
        UNION ALL
        SELECT id FROM customers WHERE tenant_id = $1 AND merged_into = $2
    ) AS ids
)
SELECT *
FROM (
    (
        SELECT
            'contact' AS kind, 'i' || id COLLATE "C" AS key, started_at AS at, id, state,
            queue_id AS place, agent_id AS who, disposition AS words, 0::bigint AS number,
            NULL::text[] AS fields, NULL::text AS about, NULL::timestamptz AS until
        FROM interactions
        WHERE tenant_id = $1
            AND customer_id = ANY((SELECT ids FROM led)::text[])
            AND (
                $3::timestamptz IS NULL
                OR started_at < $3
                OR (started_at = $3 AND 'i' || id COLLATE "C" < $4)
            )
        ORDER BY started_at DESC, key DESC
        LIMIT $5
    )
    UNION ALL
    (
        SELECT
            'ticket', 't' || id COLLATE "C" AS key, created_at, id, state, priority, NULL, subject,
            number, NULL, NULL, NULL
        FROM tickets
        WHERE tenant_id = $1
            AND customer_id = ANY((SELECT ids FROM led)::text[])
            AND (
                $3::timestamptz IS NULL
                OR created_at < $3
                OR (created_at = $3 AND 't' || id COLLATE "C" < $4)
            )
        ORDER BY created_at DESC, key DESC
        LIMIT $5
    )
    UNION ALL
    (
        SELECT
            'follow_up', 'f' || id COLLATE "C" AS key, made_at, id, state, survey, ticket_id, reason,
            0, NULL, NULL, NULL
        FROM follow_ups
        WHERE tenant_id = $1
            AND customer_id = ANY((SELECT ids FROM led)::text[])
            AND (
                $3::timestamptz IS NULL
                OR made_at < $3
                OR (made_at = $3 AND 'f' || id COLLATE "C" < $4)
            )
        ORDER BY made_at DESC, key DESC
        LIMIT $5
    )
    UNION ALL
    (
        SELECT
            'promise', 'p' || id COLLATE "C" AS key, made_at, id, state, ticket_id, owner_id, what, 0,
            NULL, NULL, due_at
        FROM promises
        WHERE tenant_id = $1
            AND customer_id = ANY((SELECT ids FROM led)::text[])
            AND (
                $3::timestamptz IS NULL
                OR made_at < $3
                OR (made_at = $3 AND 'p' || id COLLATE "C" < $4)
            )
        ORDER BY made_at DESC, key DESC
        LIMIT $5
    )
    UNION ALL
    (
        SELECT
            'touchpoint', 'd' || id COLLATE "C" AS key, opens_at, id, state, plan, follow_up_id, reason,
            0, NULL, ticket_id, NULL
        FROM touchpoints
        WHERE tenant_id = $1
            AND customer_id = ANY((SELECT ids FROM led)::text[])
            AND state <> 'planned'
            AND opens_at <= $6::timestamptz
            AND (
                $3::timestamptz IS NULL
                OR opens_at < $3
                OR (opens_at = $3 AND 'd' || id COLLATE "C" < $4)
            )
        ORDER BY opens_at DESC, key DESC
        LIMIT $5
    )
    UNION ALL
    (
        SELECT
            'occurrence', 'o' || id COLLATE "C" AS key, happened_at, id, NULL, kind, actor, summary, 0,
            NULL, source, NULL
        FROM customer_occurrences
        WHERE tenant_id = $1
            AND customer_id = ANY((SELECT ids FROM led)::text[])
            AND (
                $3::timestamptz IS NULL
                OR happened_at < $3
                OR (happened_at = $3 AND 'o' || id COLLATE "C" < $4)
            )
        ORDER BY happened_at DESC, key DESC
        LIMIT $5
    )
    UNION ALL
    (
        SELECT
            'record', 'r' || lpad(version::text, 19, '0') || customer_id COLLATE "C" AS key,
            happened_at, customer_id, NULL, NULL, actor, NULL, version, fields, NULL, NULL
        FROM customer_events
        WHERE tenant_id = $1
            AND customer_id = ANY((SELECT ids FROM led)::text[])
            AND (
                $3::timestamptz IS NULL
                OR happened_at < $3
                OR (
                    happened_at = $3
                    AND 'r' || lpad(version::text, 19, '0') || customer_id COLLATE "C" < $4
                )
            )
        ORDER BY happened_at DESC, key DESC
        LIMIT $5
    )
) AS happened
ORDER BY at DESC, key DESC
LIMIT $5
