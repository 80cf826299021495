-- What was found by a scorecard, by criterion; where one did not apply does not count.
SELECT
    evaluation_marks.criterion AS name,
    count(evaluation_marks.points) AS marked,
    coalesce(round(sum(evaluation_marks.points * 10000.0 / evaluation_marks.most)), 0)::bigint AS shares,
    count(*) FILTER (WHERE evaluation_marks.points = 0) AS failed
FROM evaluations
JOIN evaluation_marks
    ON evaluation_marks.tenant_id = evaluations.tenant_id
    AND evaluation_marks.evaluation_id = evaluations.id
WHERE evaluations.tenant_id = $1
    AND evaluations.scorecard = $2
    AND evaluations.judged_at >= $3
    AND evaluations.judged_at < $4
GROUP BY evaluation_marks.criterion
ORDER BY evaluation_marks.criterion
