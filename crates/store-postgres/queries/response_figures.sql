-- What customers answered in some time, group by group, counted as the domain counts it: follow-ups with
-- a survey that ended with the customer, each at its last change, in the group of their ticket.
WITH asked AS (
    SELECT
        follow_ups.id,
        follow_ups.state,
        follow_ups.loyal,
        CASE $4
            WHEN 'kind' THEN coalesce(tickets.kind, '')
            WHEN 'category' THEN coalesce(tickets.category, '')
            WHEN 'department' THEN coalesce(tickets.department, follow_ups.department, '')
            WHEN 'agent' THEN coalesce(tickets.assignee_id, '')
            WHEN 'priority' THEN coalesce(tickets.priority, '')
            WHEN 'tier' THEN coalesce(tickets.tier, customer_tier($1, follow_ups.customer_id), '')
            ELSE ''
        END AS name
    FROM follow_ups
    LEFT JOIN tickets
        ON tickets.tenant_id = follow_ups.tenant_id AND tickets.id = follow_ups.ticket_id
    WHERE follow_ups.tenant_id = $1
        AND follow_ups.survey IS NOT NULL
        AND follow_ups.state IN ('reached', 'answered', 'unreached', 'declined')
        AND follow_ups.changed_at >= $2
        AND follow_ups.changed_at < $3
        AND ($5::text IS NULL OR coalesce(tickets.department, follow_ups.department) = $5)
),
points AS (
    SELECT
        asked.id,
        count(*) AS answers,
        sum(answers.points) AS sum,
        count(*) FILTER (WHERE answers.points >= $6) AS satisfied
    FROM asked
    JOIN survey_answers AS answers
        ON answers.tenant_id = $1 AND answers.follow_up_id = asked.id
    WHERE answers.kind = 'satisfaction' AND answers.points IS NOT NULL
    GROUP BY asked.id
)
SELECT
    asked.name,
    count(*) AS asked,
    count(*) FILTER (WHERE asked.state = 'answered') AS answered,
    count(asked.loyal) AS judged,
    count(*) FILTER (WHERE asked.loyal) AS loyal,
    coalesce(sum(points.answers), 0)::bigint AS answers,
    coalesce(sum(points.sum), 0)::bigint AS sum,
    coalesce(sum(points.satisfied), 0)::bigint AS satisfied
FROM asked
LEFT JOIN points ON points.id = asked.id
GROUP BY asked.name
