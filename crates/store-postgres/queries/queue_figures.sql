-- What each queue did, step by step, counted as the domain counts it. A contact belongs to the step
-- in which it first began to wait, and to its last queue.
WITH waited AS (
    SELECT
        queue_id,
        date_bin(make_interval(secs => $4::double precision), queued_at, $2) AS step,
        state = 'ended' AND ended_at IS NOT NULL AS is_over,
        CASE
            WHEN end_reason IN ('gateway_lost', 'gone_during_outage') THEN 'lost'
            WHEN end_reason = 'overflow' THEN 'overflowed'
            WHEN answered_at IS NOT NULL THEN 'answered'
            WHEN end_reason = 'callback_booked' THEN 'callback_booked'
            WHEN end_reason IN ('unreached', 'window_closed') THEN 'unreached'
            WHEN end_reason IN ('superseded', 'cancelled', 'merged') THEN 'withdrawn'
            -- Work on a ticket has no caller who could leave.
            WHEN gateway_id = 'tickets' THEN 'withdrawn'
            ELSE 'abandoned'
        END AS outcome,
        greatest(coalesce(answered_at, ended_at) - queued_at, interval '0') AS wait,
        greatest(ended_at - answered_at, interval '0') AS talk,
        coalesce(
            (SELECT target.millis FROM unnest($5::text[], $6::bigint[]) AS target (queue, millis)
                WHERE target.queue = queue_id),
            $7
        ) * interval '1 millisecond' AS target
    FROM interactions
    WHERE tenant_id = $1 AND queue_id IS NOT NULL AND queued_at >= $2 AND queued_at < $3
        -- What agents ask each other, the center's own tests and mystery callers count for nothing.
        AND origin <> 'consult' AND NOT caller_lists && ARRAY['test', 'mystery']
)
SELECT
    queue_id,
    step,
    count(*) FILTER (WHERE is_over) AS offered,
    count(*) FILTER (WHERE is_over AND outcome = 'answered') AS answered,
    count(*) FILTER (WHERE is_over AND outcome = 'answered' AND wait <= target) AS answered_in_time,
    count(*) FILTER (WHERE is_over AND outcome = 'abandoned') AS abandoned,
    count(*) FILTER (
        WHERE is_over AND outcome = 'abandoned' AND wait < $8 * interval '1 millisecond'
    ) AS short_abandoned,
    count(*) FILTER (WHERE is_over AND outcome = 'overflowed') AS overflowed,
    count(*) FILTER (WHERE is_over AND outcome = 'lost') AS lost,
    count(*) FILTER (WHERE is_over AND outcome = 'callback_booked') AS callbacks_booked,
    count(*) FILTER (WHERE is_over AND outcome = 'unreached') AS unreached,
    count(*) FILTER (WHERE NOT is_over) AS open,
    coalesce(round(extract(epoch FROM sum(wait) FILTER (WHERE is_over AND outcome = 'answered')) * 1000), 0)::bigint AS waited,
    coalesce(round(extract(epoch FROM sum(talk) FILTER (WHERE is_over AND outcome = 'answered')) * 1000), 0)::bigint AS talked,
    coalesce(round(extract(epoch FROM max(wait) FILTER (WHERE is_over)) * 1000), 0)::bigint AS longest_wait
FROM waited
WHERE NOT (is_over AND outcome = 'withdrawn')
GROUP BY queue_id, step
ORDER BY queue_id, step
