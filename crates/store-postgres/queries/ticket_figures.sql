-- What became of tickets in some time, group by group, counted as the domain counts it: from the lines
-- of their lives before the end of the time. Tickets that were over before the time add nothing.
WITH chosen AS (
    SELECT
        id,
        CASE $4
            WHEN 'kind' THEN kind
            WHEN 'category' THEN coalesce(category, '')
            WHEN 'department' THEN coalesce(department, '')
            WHEN 'agent' THEN coalesce(assignee_id, '')
            WHEN 'priority' THEN priority
            WHEN 'tier' THEN coalesce(tier, '')
            ELSE ''
        END AS name
    FROM tickets
    WHERE tenant_id = $1
        AND created_at < $3
        AND (changed_at >= $2 OR state NOT IN ('closed', 'merged', 'cancelled'))
        AND ($5::text IS NULL OR department = $5)
),
lines AS (
    SELECT
        chosen.name,
        told.ticket_id,
        told.version,
        told.move,
        told.state,
        told.happened_at AS at,
        coalesce(lead(told.happened_at) OVER life, $3) AS next_at,
        lead(told.version) OVER life IS NULL AS is_last,
        first_value(told.happened_at) OVER life AS made_at,
        count(*) FILTER (WHERE told.move = 'reopen') OVER life AS round,
        count(*) FILTER (WHERE told.move = 'reopen') OVER whole AS rounds,
        count(*) FILTER (
            WHERE told.move IN ('dispatch', 'escalate', 'wait_on_customer', 'hold')
        ) OVER life AS handed_on,
        count(*) FILTER (WHERE told.move = 'alarm' AND told.note LIKE '% ' || $6) OVER life AS overdue,
        count(*) FILTER (WHERE told.move IN ('reply', 'wait_on_customer', 'resolve')) OVER life AS answers,
        count(*) FILTER (WHERE told.move = 'alarm' AND told.note = $7) OVER life AS unanswered
    FROM chosen
    JOIN ticket_events AS told ON told.tenant_id = $1 AND told.ticket_id = chosen.id
    WHERE told.happened_at < $3
    WINDOW
        whole AS (PARTITION BY told.ticket_id),
        life AS (PARTITION BY told.ticket_id ORDER BY told.version)
),
judged AS (
    SELECT
        *,
        at >= $2 AS is_within,
        answers = 1 AND move IN ('reply', 'wait_on_customer', 'resolve') AS is_first_answer,
        greatest(next_at - greatest(at, $2), interval '0') AS spent,
        -- The first line of a round tells no alarm.
        overdue > first_value(overdue) OVER (PARTITION BY ticket_id, round ORDER BY version) AS is_late,
        is_last AND state IN (
            'new', 'accepted', 'dispatched', 'in_progress', 'waiting_on_customer', 'on_hold', 'reopened'
        ) AS is_open,
        $3 - made_at AS age
    FROM lines
)
SELECT
    name,
    count(*) FILTER (WHERE is_within AND move IS NULL) AS made,
    count(*) FILTER (WHERE is_within AND move = 'resolve') AS resolved,
    count(*) FILTER (WHERE is_within AND move = 'resolve' AND is_late) AS late,
    count(*) FILTER (WHERE is_within AND is_first_answer) AS answered,
    count(*) FILTER (WHERE is_within AND is_first_answer AND unanswered > 0) AS answered_late,
    coalesce(extract(epoch FROM sum(greatest(at - made_at, interval '0')) FILTER (WHERE is_within AND is_first_answer)) * 1000, 0)::bigint
        AS answering,
    count(*) FILTER (WHERE is_within AND move = 'resolve' AND handed_on = 0 AND rounds = 0)
        AS first_contact,
    count(*) FILTER (WHERE is_within AND move = 'close') AS closed,
    count(*) FILTER (WHERE is_within AND move = 'reopen') AS reopened,
    count(*) FILTER (WHERE is_within AND move = 'merge') AS merged,
    count(*) FILTER (WHERE is_within AND move = 'cancel') AS cancelled,
    coalesce(extract(epoch FROM sum(greatest(at - made_at, interval '0')) FILTER (WHERE is_within AND move = 'resolve')) * 1000, 0)::bigint
        AS resolving,
    coalesce(extract(epoch FROM sum(spent) FILTER (WHERE state IN ('new', 'reopened'))) * 1000, 0)::bigint
        AS spent_acceptance,
    coalesce(extract(epoch FROM sum(spent) FILTER (WHERE state IN ('accepted', 'dispatched'))) * 1000, 0)::bigint
        AS spent_dispatch,
    coalesce(extract(epoch FROM sum(spent) FILTER (WHERE state = 'in_progress')) * 1000, 0)::bigint
        AS spent_handling,
    coalesce(extract(epoch FROM sum(spent) FILTER (WHERE state IN ('waiting_on_customer', 'on_hold'))) * 1000, 0)::bigint
        AS spent_waiting,
    coalesce(extract(epoch FROM sum(spent) FILTER (WHERE state = 'resolved')) * 1000, 0)::bigint
        AS spent_closure,
    count(*) FILTER (WHERE is_open AND state IN ('new', 'reopened')) AS standing_acceptance,
    count(*) FILTER (WHERE is_open AND state IN ('accepted', 'dispatched')) AS standing_dispatch,
    count(*) FILTER (WHERE is_open AND state = 'in_progress') AS standing_handling,
    count(*) FILTER (WHERE is_open AND state IN ('waiting_on_customer', 'on_hold'))
        AS standing_waiting,
    count(*) FILTER (WHERE is_last AND state = 'resolved') AS standing_closure,
    coalesce(extract(epoch FROM sum(age) FILTER (WHERE is_open)) * 1000, 0)::bigint
        AS age,
    coalesce(extract(epoch FROM max(age) FILTER (WHERE is_open)) * 1000, 0)::bigint
        AS oldest,
    count(*) FILTER (WHERE is_open AND age > interval '168 hours') AS older_than_week,
    count(*) FILTER (WHERE is_open AND age > interval '720 hours') AS older_than_month
FROM judged
GROUP BY name
ORDER BY name
