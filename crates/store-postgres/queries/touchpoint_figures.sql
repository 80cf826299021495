-- What became of the days of the care calendar whose windows opened in some time, plan by plan. A call that
-- reached nobody is missed, however often it was tried, and also if its time passed before anybody tried; a call
-- or a ticket that is gone by the center's retention tells nothing any more.
WITH days AS (
    SELECT
        touchpoints.plan,
        CASE
            WHEN touchpoints.state IN ('done', 'skipped') THEN touchpoints.state
            WHEN touchpoints.state = 'lapsed' THEN 'missed'
            WHEN touchpoints.state = 'planned' AND touchpoints.closes_at <= $4 THEN 'missed'
            WHEN touchpoints.state = 'planned' THEN 'to_come'
            WHEN follow_ups.state IN ('reached', 'answered', 'declined') THEN 'done'
            WHEN follow_ups.state = 'unreached' THEN 'missed'
            WHEN follow_ups.state = 'skipped' AND follow_ups.reason = 'expired' THEN 'missed'
            WHEN follow_ups.state = 'skipped' THEN 'skipped'
            WHEN follow_ups.state IN ('due', 'calling') THEN 'under_way'
            WHEN tickets.state IN ('resolved', 'closed', 'merged') THEN 'done'
            WHEN tickets.state = 'cancelled' THEN 'skipped'
            WHEN tickets.state IS NOT NULL THEN 'under_way'
            ELSE 'unknown'
        END AS outcome,
        CASE
            WHEN follow_ups.state = 'skipped' THEN follow_ups.reason
            WHEN tickets.state = 'cancelled' THEN 'ticket-cancelled'
            ELSE touchpoints.reason
        END AS skip_reason
    FROM touchpoints
    LEFT JOIN follow_ups
        ON follow_ups.tenant_id = touchpoints.tenant_id AND follow_ups.id = touchpoints.follow_up_id
    LEFT JOIN tickets
        ON tickets.tenant_id = touchpoints.tenant_id AND tickets.id = touchpoints.ticket_id
    WHERE touchpoints.tenant_id = $1
        AND touchpoints.opens_at >= $2
        AND touchpoints.opens_at < $3
        AND ($5::text IS NULL OR touchpoints.plan = $5)
)
SELECT
    plan,
    outcome,
    CASE WHEN outcome = 'skipped' THEN skip_reason END AS reason,
    count(*) AS number
FROM days
GROUP BY 1, 2, 3
