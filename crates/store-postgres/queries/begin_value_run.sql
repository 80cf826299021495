-- Begins a run, unless one is under way or there was one of this name.
INSERT INTO value_runs (
    tenant_id, id, phase, center_version, customers, started_at, moved_at
)
SELECT $1, $2, 'scoring', 0, (SELECT count(*) FROM customer_values WHERE tenant_id = $1), $3, $3
WHERE NOT EXISTS (
    SELECT FROM value_runs
    WHERE tenant_id = $1
        AND (id = $2 OR finished_at IS NULL)
)
ON CONFLICT DO NOTHING
