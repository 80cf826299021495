-- The points that customers gave in a survey, by department, question and class of quality.
SELECT follow_ups.department, answers.question, answers.kind, answers.kano, count(*) AS answers,
    sum(answers.points)::bigint AS sum,
    count(*) FILTER (WHERE answers.points >= $5) AS satisfied
FROM follow_ups
JOIN survey_answers AS answers
    ON answers.tenant_id = follow_ups.tenant_id AND answers.follow_up_id = follow_ups.id
WHERE follow_ups.tenant_id = $1
    AND follow_ups.survey = $2
    AND follow_ups.changed_at >= $3
    AND follow_ups.changed_at < $4
    AND answers.points IS NOT NULL
GROUP BY follow_ups.department, answers.question, answers.kind, answers.kano
