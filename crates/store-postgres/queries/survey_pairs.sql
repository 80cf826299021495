-- What customers gave who answered both questions about an item in a survey, by department and item.
SELECT follow_ups.department, pair.item, count(*) AS answers,
    sum(expectation.points)::bigint AS expected,
    sum(performance.points)::bigint AS performed
FROM follow_ups
CROSS JOIN unnest($5::text[], $6::text[], $7::text[]) AS pair (item, expectation, performance)
JOIN survey_answers AS expectation
    ON expectation.tenant_id = follow_ups.tenant_id
    AND expectation.follow_up_id = follow_ups.id
    AND expectation.question = pair.expectation
JOIN survey_answers AS performance
    ON performance.tenant_id = follow_ups.tenant_id
    AND performance.follow_up_id = follow_ups.id
    AND performance.question = pair.performance
WHERE follow_ups.tenant_id = $1
    AND follow_ups.survey = $2
    AND follow_ups.changed_at >= $3
    AND follow_ups.changed_at < $4
    AND expectation.points IS NOT NULL
    AND performance.points IS NOT NULL
GROUP BY follow_ups.department, pair.item
