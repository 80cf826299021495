-- What was found by a scorecard, by group, as the domain defines it.
SELECT
    CASE $5
        WHEN 'agent' THEN agent_id
        WHEN 'queue' THEN queue_id
        WHEN 'department' THEN department
        WHEN 'sample' THEN sample
        WHEN 'evaluator' THEN evaluator
    END AS name,
    count(*) AS judged,
    sum(score)::bigint AS scores,
    count(*) FILTER (WHERE passed) AS passed,
    count(*) FILTER (WHERE failed <> '{}') AS failed_critical,
    count(acknowledged_at) AS acknowledged
FROM evaluations
WHERE tenant_id = $1 AND scorecard = $2 AND judged_at >= $3 AND judged_at < $4
GROUP BY 1
ORDER BY 1 NULLS FIRST
