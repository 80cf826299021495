-- Whether the connection has planned nothing yet, or did so while there were few interactions; what it
-- plans from now on is planned for as many as there are. A transaction that is undone undoes only what
-- the connection remembers, so that it plans once more.
SELECT planned.before IS DISTINCT FROM 'many'
FROM (SELECT current_setting('app.planned_for', true) AS before OFFSET 0) AS planned
CROSS JOIN LATERAL (
    SELECT set_config(
        'app.planned_for',
        CASE
            WHEN planned.before = 'many' OR pg_relation_size('interactions') >= $1 THEN 'many'
            ELSE 'few'
        END,
        false
    )
) AS planned_now
